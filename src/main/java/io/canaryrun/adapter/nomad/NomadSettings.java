package io.canaryrun.adapter.nomad;

import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.http.TlsSettings;
import java.net.URI;
import java.util.Optional;

/**
 * How Nomad is reached: the variables of its official clients. {@code NOMAD_NAMESPACE} and {@code
 * NOMAD_REGION} are not among them: inside a Nomad task they are those of that task.
 *
 * @param address {@code NOMAD_ADDR}, default {@code http://127.0.0.1:4646}
 * @param token {@code NOMAD_TOKEN}, sent as a header
 * @param tls {@code NOMAD_CACERT}, {@code NOMAD_CLIENT_CERT}, {@code NOMAD_CLIENT_KEY}, {@code
 *     NOMAD_TLS_SERVER_NAME}, {@code NOMAD_SKIP_VERIFY}
 */
public record NomadSettings(URI address, Optional<String> token, TlsSettings tls) {

  /**
   * @throws IllegalArgumentException a variable is not usable; the message names it
   */
  public static NomadSettings of(Environment environment) {
    return new NomadSettings(
        Environment.address(
            "NOMAD_ADDR", environment.text("NOMAD_ADDR").orElse("http://127.0.0.1:4646")),
        environment.text("NOMAD_TOKEN"),
        TlsSettings.of(environment, "NOMAD", environment.flag("NOMAD_SKIP_VERIFY").orElse(false)));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Nomad at " + address;
  }
}
