package io.canaryrun.adapter.consul;

import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.http.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How Consul is reached: the variables of its official clients.
 *
 * @param address {@code CONSUL_HTTP_ADDR}, default {@code 127.0.0.1:8500}; https where {@code
 *     CONSUL_HTTP_SSL} is true
 * @param token {@code CONSUL_HTTP_TOKEN}, else what {@code CONSUL_HTTP_TOKEN_FILE} contains; sent
 *     as a header
 * @param tls {@code CONSUL_CACERT}, {@code CONSUL_CLIENT_CERT}, {@code CONSUL_CLIENT_KEY}, {@code
 *     CONSUL_TLS_SERVER_NAME}, {@code CONSUL_HTTP_SSL_VERIFY}
 */
public record ConsulSettings(URI address, Optional<String> token, TlsSettings tls) {

  /**
   * @throws IllegalArgumentException a variable is not usable; the message names it
   */
  public static ConsulSettings of(Environment environment) {
    return new ConsulSettings(
        address(environment),
        environment
            .text("CONSUL_HTTP_TOKEN")
            .or(() -> environment.path("CONSUL_HTTP_TOKEN_FILE").map(ConsulSettings::content)),
        TlsSettings.of(
            environment, "CONSUL", !environment.flag("CONSUL_HTTP_SSL_VERIFY").orElse(true)));
  }

  /** The official clients take a host and a port without a scheme, too. */
  private static URI address(Environment environment) {
    var text = environment.text("CONSUL_HTTP_ADDR").orElse("127.0.0.1:8500");
    var ssl = environment.flag("CONSUL_HTTP_SSL").orElse(false);
    var full = text.contains("://") ? text : (ssl ? "https://" : "http://") + text;
    return Environment.address("CONSUL_HTTP_ADDR", full);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "CONSUL_HTTP_TOKEN_FILE: %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Consul at " + address;
  }
}
