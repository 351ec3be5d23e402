package io.canaryrun.adapter.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/**
 * What the real agents do about it is in {@code TlsTest}; these come in another order each time.
 */
class TlsProblemTest {
  private static final TlsSettings WITHOUT = settings(Map.of());
  private static final TlsSettings WITH =
      settings(Map.of("NOMAD_CLIENT_CERT", "our.pem", "NOMAD_CLIENT_KEY", "our-key.pem"));

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
  void whatIsNoMatterOfTrust() {
    assertEquals(
        Optional.empty(), TlsProblem.of(new ConnectException("Connection refused"), WITHOUT));
  }
}
