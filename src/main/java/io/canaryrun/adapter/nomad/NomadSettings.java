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
 *   <li>what the file {@code NOMAD_TOKEN_FILE} contains; else {@code NOMAD_TOKEN}; else, or where
 *       that is the same, what the file contains that Nomad writes for a task with {@code identity
 *       { file = true }}
 *   <li>{@code NOMAD_CACERT}, {@code NOMAD_CAPATH}, {@code NOMAD_CLIENT_CERT}, {@code
 *       NOMAD_CLIENT_KEY}, {@code NOMAD_TLS_SERVER_NAME}, {@code NOMAD_SKIP_VERIFY}
 * </ul>
 */
public final class NomadSettings {
  private static final String TOKEN = "NOMAD_TOKEN";
  private static final String TOKEN_FILE = "NOMAD_TOKEN_FILE";
  private static final String SECRETS = "NOMAD_SECRETS_DIR";

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
            .map(file -> Token.in(TOKEN_FILE, file))
            .or(() -> identity(environment).map(file -> Token.in(SECRETS, file)))
            .orElseGet(() -> Token.fixed(TOKEN, environment.text(TOKEN))),
        TlsSettings.of(environment, "NOMAD", environment.flag("NOMAD_SKIP_VERIFY").orElse(false)));
  }

  /**
   * Of the task that we are, if we are one and Nomad was asked to write it; unless somebody gave us
   * another token. Nomad itself may set the variable, too, to what is in the file at the start.
   */
  private static Optional<Path> identity(Environment environment) {
    var given = environment.text(TOKEN).map(String::strip);
    return environment
        .path(SECRETS)
        .map(secrets -> secrets.resolve("nomad_token"))
        .filter(Files::isReadable)
        .filter(file -> given.isEmpty() || Token.in(SECRETS, file).value().equals(given));
  }
}
