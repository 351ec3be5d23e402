package io.canaryrun.adapter.http;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.TrustAllTrustManager;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;

/**
 * Whom to trust and who we are, as PEM files.
 *
 * @param prefix of the variables that these came from, for messages
 * @param caCert a file of certificates to trust
 * @param caPath a directory of such files, beside that file; both empty: what Java trusts
 * @param clientCert our certificate, for mutual TLS; together with {@code clientKey}
 * @param serverName the name that the server's certificate must have; empty: its host name
 * @param skipVerify nothing is checked
 */
public record TlsSettings(
    String prefix,
    Optional<Path> caCert,
    Optional<Path> caPath,
    Optional<Path> clientCert,
    Optional<Path> clientKey,
    Optional<String> serverName,
    boolean skipVerify) {

  /**
   * @param prefix of the variables {@code …_CACERT}, {@code …_CAPATH}, {@code …_CLIENT_CERT},
   *     {@code …_CLIENT_KEY} and {@code …_TLS_SERVER_NAME}
   * @throws IllegalArgumentException a certificate without its key, or the other way round
   */
  public static TlsSettings of(Environment environment, String prefix, boolean skipVerify) {
    var cert = environment.path(prefix + "_CLIENT_CERT");
    var key = environment.path(prefix + "_CLIENT_KEY");
    if (cert.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "%s_CLIENT_CERT and %s_CLIENT_KEY must be set together".formatted(prefix, prefix));
    }
    return new TlsSettings(
        prefix,
        environment.path(prefix + "_CACERT"),
        environment.path(prefix + "_CAPATH"),
        cert,
        key,
        environment.text(prefix + "_TLS_SERVER_NAME"),
        skipVerify);
  }

  /**
   * @param vertx understands what the files contain
   * @throws IllegalArgumentException a file cannot be used; the message names it and its variable
   */
  public SSLContext context(Vertx vertx) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(vertx), trust(vertx), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java has TLS.
    }
  }

  private KeyManager[] keys(Vertx vertx) {
    if (clientCert.isEmpty()) {
      return null; // None, as SSLContext has it.
    }
    var cert = new PemFile(variable("CLIENT_CERT"), clientCert.get());
    var key = new PemFile(variable("CLIENT_KEY"), clientKey.orElseThrow());
    var options = new PemKeyCertOptions().setCertValue(cert.content()).setKeyValue(key.content());
    try {
      return options.getKeyManagerFactory(vertx).getKeyManagers();
    } catch (Exception e) { // Vert.x declares no narrower one, and does not say which of the two.
      throw new IllegalArgumentException(
          "%s and %s: %s and %s cannot be used for TLS: %s"
              .formatted(
                  cert.variable(), key.variable(), cert.path(), key.path(), Causes.inWords(e)),
          e);
    }
  }

  private TrustManager[] trust(Vertx vertx) {
    if (skipVerify) {
      return new TrustManager[] {TrustAllTrustManager.INSTANCE};
    }
    if (caCert.isEmpty() && caPath.isEmpty()) {
      return null; // Those of Java, as SSLContext has it.
    }
    return trusting(authorities().toList(), vertx);
  }

  private static TrustManager[] trusting(List<PemFile> files, Vertx vertx) {
    var options = new PemTrustOptions();
    files.forEach(file -> options.addCertValue(file.content()));
    try {
      return options.getTrustManagerFactory(vertx).getTrustManagers();
    } catch (Exception e) { // Vert.x declares no narrower one, and does not say which of them.
      if (files.size() == 1) {
        throw files.getFirst().unusable(Causes.inWords(e), e);
      }
      files.forEach(file -> trusting(List.of(file), vertx));
      throw new IllegalStateException(e); // Each of them is usable.
    }
  }

  private Stream<PemFile> authorities() {
    return Stream.concat(
        caCert.stream().map(file -> new PemFile(variable("CACERT"), file)),
        caPath.stream().flatMap(it -> PemFile.in(variable("CAPATH"), it).stream()));
  }

  /** Where those are that we trust, for people. */
  String trusted() {
    var places = Stream.concat(caCert.stream(), caPath.stream()).map(Path::toString).toList();
    return places.isEmpty() ? "the trust store of Java" : String.join(" and ", places);
  }

  /** The name of one of the variables that these settings came from. */
  String variable(String name) {
    return prefix + "_" + name;
  }

  /** Connects with these settings. */
  SSLConnectionSocketFactory sockets(SSLContext context) {
    return new SSLConnectionSocketFactory(context, hostnames()) {
      @Override
      protected void prepareSocket(SSLSocket socket) {
        serverName.ifPresent(
            name -> {
              var parameters = socket.getSSLParameters();
              parameters.setServerNames(List.of(new SNIHostName(name)));
              socket.setSSLParameters(parameters);
            });
      }
    };
  }

  private HostnameVerifier hostnames() {
    if (skipVerify) {
      return NoopHostnameVerifier.INSTANCE;
    }
    var verifier = new DefaultHostnameVerifier();
    return (host, session) -> verifier.verify(serverName.orElse(host), session);
  }
}
