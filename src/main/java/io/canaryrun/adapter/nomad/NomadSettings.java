package io.canaryrun.adapter.nomad;

import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.AgentAddress;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.http.TlsSettings;
import io.canaryrun.adapter.http.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How Nomad is reached: the variables of its official clients. {@code NOMAD_NAMESPACE} and {@code
 * NOMAD_REGION} are not among them: inside a Nomad task they are those of that task.
 *
 * <ul>
 *   <li>{@code NOMAD_ADDR}, default {@code http://127.0.0.1:4646}; {@code NOMAD_HTTP_AUTH}
 *   <li>what the file {@code NOMAD_TOKEN_FILE} contains, by default the one that Nomad writes for a
 *       task with {@code identity { file = true }}; else {@code NOMAD_TOKEN}
 *   <li>{@code NOMAD_CACERT}, {@code NOMAD_CAPATH}, {@code NOMAD_CLIENT_CERT}, {@code
 *       NOMAD_CLIENT_KEY}, {@code NOMAD_TLS_SERVER_NAME}, {@code NOMAD_SKIP_VERIFY}
 * </ul>
 */
public final class NomadSettings {
  private static final String TOKEN_FILE = "NOMAD_TOKEN_FILE";

  private NomadSettings() {}

  /**
   * @throws IllegalArgumentException a variable is not usable; the message names it
   */
  public static Access of(Environment environment) {
    return new Access(
        "Nomad",
        "NOMAD_ADDR",
        AgentAddress.of(
            "NOMAD_ADDR",
            environment.text("NOMAD_ADDR").orElse("http://127.0.0.1:4646"),
            environment.text("NOMAD_HTTP_AUTH")),
        "X-Nomad-Token",
        environment
            .path(TOKEN_FILE)
            .or(() -> identity(environment))
            .map(file -> Token.in(TOKEN_FILE, file))
            .orElseGet(() -> Token.fixed("NOMAD_TOKEN", environment.text("NOMAD_TOKEN"))),
        TlsSettings.of(environment, "NOMAD", environment.flag("NOMAD_SKIP_VERIFY").orElse(false)));
  }

  /** Of the task that we are, if we are one and Nomad was asked to write it. */
  private static Optional<Path> identity(Environment environment) {
    return environment
        .path("NOMAD_SECRETS_DIR")
        .map(secrets -> secrets.resolve("nomad_token"))
        .filter(Files::isReadable);
  }
}
