package io.canaryrun.adapter.nomad;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How Nomad is reached: the variables of its official clients. {@code NOMAD_NAMESPACE} and {@code
 * NOMAD_REGION} are not among them: inside a Nomad task they are those of that task.
 *
 * @param address {@code NOMAD_ADDR}, default {@code http://127.0.0.1:4646}
 * @param token {@code NOMAD_TOKEN}, sent as a header
 * @param caCert {@code NOMAD_CACERT}, PEM
 * @param clientCert {@code NOMAD_CLIENT_CERT}, PEM
 * @param clientKey {@code NOMAD_CLIENT_KEY}, PEM
 * @param tlsServerName {@code NOMAD_TLS_SERVER_NAME}: the name that the certificate must have
 * @param skipVerify {@code NOMAD_SKIP_VERIFY}: certificates are not checked
 */
public record NomadSettings(
    URI address,
    Optional<String> token,
    Optional<Path> caCert,
    Optional<Path> clientCert,
    Optional<Path> clientKey,
    Optional<String> tlsServerName,
    boolean skipVerify) {

  private static final String DEFAULT_ADDRESS = "http://127.0.0.1:4646";

  public NomadSettings {
    var scheme = address.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || address.getHost() == null) {
      throw new IllegalArgumentException(
          "NOMAD_ADDR is '%s'; it must be like http://127.0.0.1:4646 or https://nomad:4646%s"
              .formatted(
                  address,
                  "unix".equals(scheme) ? " (Unix domain sockets are not supported yet)" : ""));
    }
    if (clientCert.isPresent() != clientKey.isPresent()) {
      throw new IllegalArgumentException(
          "NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY must be set together");
    }
  }

  /**
   * @throws IllegalArgumentException a variable is not usable; the message names it
   */
  public static NomadSettings fromEnvironment(Map<String, String> environment) {
    return new NomadSettings(
        address(value(environment, "NOMAD_ADDR").orElse(DEFAULT_ADDRESS)),
        value(environment, "NOMAD_TOKEN"),
        value(environment, "NOMAD_CACERT").map(Path::of),
        value(environment, "NOMAD_CLIENT_CERT").map(Path::of),
        value(environment, "NOMAD_CLIENT_KEY").map(Path::of),
        value(environment, "NOMAD_TLS_SERVER_NAME"),
        value(environment, "NOMAD_SKIP_VERIFY").map(NomadSettings::isTrue).orElse(false));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static URI address(String text) {
    try {
      return URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("NOMAD_ADDR is not an address: " + e.getMessage(), e);
    }
  }

  private static boolean isTrue(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "NOMAD_SKIP_VERIFY is '" + value + "'; it must be true or false");
    };
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Nomad at " + address;
  }
}
