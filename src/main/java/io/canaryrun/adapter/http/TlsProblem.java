package io.canaryrun.adapter.http;

import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Why two sides that speak TLS do not trust each other, and what to do about it, for people. */
final class TlsProblem {
  private static final Pattern NAMES = Pattern.compile("<(.*)>.*names: (\\[.*])");

  /** How a server says that it wants a certificate, or another one. */
  private static final Pattern ALERT =
      Pattern.compile("certificate_required|bad_certificate|unknown_ca|certificate_unknown");

  private TlsProblem() {}

  /** Empty: it is something else. */
  static Optional<String> of(Throwable failure, TlsSettings tls) {
    var causes =
        Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20).toList();
    return certificate(causes, tls)
        .or(() -> named(causes, tls))
        .or(() -> alert(causes, tls))
        .or(() -> plain(causes))
        .or(() -> ended(causes, tls))
        .or(() -> hungUp(causes, tls));
  }

  private static Optional<String> certificate(List<Throwable> causes, TlsSettings tls) {
    if (first(causes, CertificateExpiredException.class).isPresent()) {
      return Optional.of("its certificate has expired: renew it there");
    }
    if (first(causes, CertificateNotYetValidException.class).isPresent()) {
      return Optional.of(
          "its certificate is not valid yet: set the clocks right, there and here, or renew it there");
    }
    return first(causes, CertPathBuilderException.class)
        .map(
            _ ->
                "its certificate is signed by no authority in %s: set %s to the file of the one"
                        .formatted(tls.trusted(), tls.variable("CACERT"))
                    + " that signed it")
        .or(() -> path(causes, tls))
        .or(() -> refused(causes));
  }

  /** Its authority is known, or what calls itself so. */
  private static Optional<String> path(List<Throwable> causes, TlsSettings tls) {
    return first(causes, CertPathValidatorException.class)
        .filter(cause -> cause.getReason() == BasicReason.INVALID_SIGNATURE)
        .map(
            _ ->
                "its certificate is signed by another authority of the same name as one in %s: set %s to the file of the one that signed it"
                    .formatted(tls.trusted(), tls.variable("CACERT")));
  }

  private static Optional<String> refused(List<Throwable> causes) {
    return first(causes, CertificateException.class)
        .map(
            cause ->
                "its certificate cannot be accepted (%s): have another one made there"
                    .formatted(Causes.inWords(cause)));
  }

  private static Optional<String> named(List<Throwable> causes, TlsSettings tls) {
    return first(causes, SSLPeerUnverifiedException.class)
        .map(cause -> NAMES.matcher(cause.getMessage()))
        .filter(names -> names.find())
        .map(
            names ->
                "its certificate is not for %s but for %s: set %s to one of these"
                    .formatted(
                        tls.serverName().orElse(names.group(1)),
                        names.group(2),
                        tls.variable("TLS_SERVER_NAME")));
  }

  private static Optional<String> alert(List<Throwable> causes, TlsSettings tls) {
    return first(causes, SSLException.class)
        .filter(cause -> cause.getMessage() != null && ALERT.matcher(cause.getMessage()).find())
        .map(_ -> ours(tls));
  }

  private static String ours(TlsSettings tls) {
    var variable = tls.variable("CLIENT_CERT");
    return tls.clientCert()
        .map(
            file ->
                "it refuses our certificate %s (%s): it must be signed by the authority that it trusts, and be one for clients"
                    .formatted(file, variable))
        .orElseGet(
            () ->
                "it requires a certificate of ours: set %s and %s"
                    .formatted(variable, tls.variable("CLIENT_KEY")));
  }

  private static Optional<String> plain(List<Throwable> causes) {
    return first(causes, SSLException.class)
        .filter(cause -> String.valueOf(cause.getMessage()).contains("unrecognized SSL message"))
        .map(_ -> "it does not speak TLS there: the address must begin with http://");
  }

  /** Some end it without a word where they want a certificate; also where they only go away. */
  private static Optional<String> ended(List<Throwable> causes, TlsSettings tls) {
    return first(causes, SSLException.class)
        .filter(cause -> String.valueOf(cause.getMessage()).contains("terminated the handshake"))
        .map(_ -> "it ended the handshake without a reason: perhaps " + ours(tls));
  }

  /** A server may close the connection before its reason is read; also when it only goes away. */
  private static Optional<String> hungUp(List<Throwable> causes, TlsSettings tls) {
    return first(causes, SocketException.class)
        .filter(cause -> cause.getClass() == SocketException.class) // It was connected.
        .map(cause -> "%s: perhaps %s".formatted(cause.getMessage(), ours(tls)));
  }

  private static <T> Optional<T> first(List<Throwable> causes, Class<T> kind) {
    return causes.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
