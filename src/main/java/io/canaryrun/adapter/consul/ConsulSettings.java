package io.canaryrun.adapter.consul;

import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.AgentAddress;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.http.TlsSettings;
import io.canaryrun.adapter.http.Token;

/**
 * How Consul is reached: the variables of its official clients.
 *
 * <ul>
 *   <li>{@code CONSUL_HTTP_ADDR}, default {@code 127.0.0.1:8500}; https where {@code
 *       CONSUL_HTTP_SSL} is true; {@code CONSUL_HTTP_AUTH}
 *   <li>what the file {@code CONSUL_HTTP_TOKEN_FILE} contains, else {@code CONSUL_HTTP_TOKEN}
 *   <li>{@code CONSUL_CACERT}, {@code CONSUL_CAPATH}, {@code CONSUL_CLIENT_CERT}, {@code
 *       CONSUL_CLIENT_KEY}, {@code CONSUL_TLS_SERVER_NAME}, {@code CONSUL_HTTP_SSL_VERIFY}
 * </ul>
 */
public final class ConsulSettings {
  private static final String TOKEN_FILE = "CONSUL_HTTP_TOKEN_FILE";

  private ConsulSettings() {}

  /**
   * @throws IllegalArgumentException a variable is not usable; the message names it
   */
  public static Access of(Environment environment) {
    return new Access(
        "Consul",
        "CONSUL_HTTP_ADDR",
        AgentAddress.of(
            "CONSUL_HTTP_ADDR", address(environment), environment.text("CONSUL_HTTP_AUTH")),
        "X-Consul-Token",
        environment
            .path(TOKEN_FILE)
            .map(file -> Token.in(TOKEN_FILE, file))
            .orElseGet(
                () -> Token.fixed("CONSUL_HTTP_TOKEN", environment.text("CONSUL_HTTP_TOKEN"))),
        TlsSettings.of(
            environment, "CONSUL", !environment.flag("CONSUL_HTTP_SSL_VERIFY").orElse(true)));
  }

  /** The official clients take a host and a port without a scheme, too. */
  private static String address(Environment environment) {
    var text = environment.text("CONSUL_HTTP_ADDR").orElse("127.0.0.1:8500");
    var ssl = environment.flag("CONSUL_HTTP_SSL").orElse(false);
    return text.contains("://") ? text : (ssl ? "https://" : "http://") + text;
  }
}
