package io.canaryrun.adapter.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the real agents do about it is in {@code TlsTest}; these come in another order each time.
 */
class TlsProblemTest {
  private static final TlsSettings WITHOUT = settings(Map.of());
  private static final TlsSettings WITH =
      settings(Map.of("NOMAD_CLIENT_CERT", "our.pem", "NOMAD_CLIENT_KEY", "our-key.pem"));

  @TempDir private static Path directory;
  private static TestAuthority authority;

  @BeforeAll
  static void make() throws IOException {
    authority = TestAuthority.in(directory.resolve("authority"));
  }

  private static TlsSettings settings(Map<String, String> variables) {
    return TlsSettings.of(new Environment(variables), "NOMAD", false);
  }

  @Test
  void alertOfTheServer() {
    var alert = new SSLHandshakeException("Received fatal alert: certificate_required");

    assertEquals(
        Optional.of(
            "it requires a certificate of ours: set NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY"),
        TlsProblem.of(new IOException(alert), WITHOUT));
    assertEquals(
        Optional.of(
            "it refuses our certificate our.pem (NOMAD_CLIENT_CERT): it must be signed by the authority that it trusts, and be one for clients"),
        TlsProblem.of(alert, WITH));
  }

  @Test
  void connectionThatIsClosedBeforeItsAlertIsRead() {
    assertEquals(
        Optional.of(
            "Broken pipe: perhaps it requires a certificate of ours: set NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY"),
        TlsProblem.of(new SocketException("Broken pipe"), WITHOUT));
  }

  @Test
  void serverThatSpeaksNoTls() {
    assertEquals(
        Optional.of("it does not speak TLS there: the address must begin with http://"),
        TlsProblem.of(new SSLException("Unsupported or unrecognized SSL message"), WITHOUT));
  }

  @Test
  void certificateThatIsNotValidYet() throws Exception {
    assertEquals(
        Optional.of(
            "its certificate is not valid yet: set the clocks right, there and here, or renew it there"),
        problem(authority.server("-startdate", "+2d"), authority));
  }

  @Test
  void certificateThatHasExpired() throws Exception {
    assertEquals(
        Optional.of("its certificate has expired: renew it there"),
        problem(authority.server("-startdate", "-2d", "-validity", "1"), authority));
  }

  @Test
  void authorityOfTheSameNameWithAnotherKey() throws Exception {
    var namesake = TestAuthority.in(directory.resolve("namesake"));

    assertEquals(
        Optional.of(
            "its certificate is signed by another authority of the same name as one in %s: set NOMAD_CACERT to the file of the one that signed it"
                .formatted(namesake.certificate())),
        problem(authority.server(), namesake));
  }

  @Test
  void certificateThatIsNotForServers() throws Exception {
    assertEquals(
        Optional.of(
            "its certificate cannot be accepted (Extended key usage does not permit use for TLS server authentication): have another one made there"),
        problem(authority.server("-ext", "eku=clientAuth"), authority));
  }

  @Test
  void handshakeThatIsEndedWithoutAReason() throws Exception {
    // Given
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var socket = SSLContext.getDefault().getSocketFactory().createSocket()) {
      socket.connect(server.getLocalSocketAddress());
      try (var accepted = server.accept()) {
        accepted.shutdownOutput();

        // When
        var ended = assertThrows(IOException.class, ((SSLSocket) socket)::startHandshake);

        // Then
        assertEquals(
            Optional.of(
                "it ended the handshake without a reason: perhaps it requires a certificate of ours: set NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY"),
            TlsProblem.of(ended, WITHOUT));
      }
    }
  }

  /** What our side of a real handshake makes of the server's certificate. */
  private static Optional<String> problem(SSLContext theirs, TestAuthority trusted)
      throws Exception {
    var tls = settings(Map.of("NOMAD_CACERT", trusted.certificate().toString()));
    var vertx = Vertx.vertx();
    try (var server =
            theirs
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var socket = tls.context(vertx).getSocketFactory().createSocket()) {
      Thread.ofVirtual().start(() -> answer(server));
      socket.connect(server.getLocalSocketAddress());
      var failure = assertThrows(SSLException.class, ((SSLSocket) socket)::startHandshake);
      return TlsProblem.of(failure, tls);
    } finally {
      vertx.close();
    }
  }

  private static void answer(ServerSocket server) {
    try (var socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
    } catch (IOException e) {
      // The client refuses it.
    }
  }

  @Test
  void whatIsNoMatterOfTrust() {
    assertEquals(
        Optional.empty(), TlsProblem.of(new ConnectException("Connection refused"), WITHOUT));
  }
}
