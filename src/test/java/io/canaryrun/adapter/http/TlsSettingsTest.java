package io.canaryrun.adapter.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be used are named with their variable and the reason. */
class TlsSettingsTest {
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir private Path directory;

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  private static String refusal(Map<String, String> variables) {
    var settings = TlsSettings.of(new Environment(variables), "CONSUL", false);
    return assertThrows(IllegalArgumentException.class, () -> settings.context(VERTX)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONSUL_CACERT", "CONSUL_CAPATH"})
  void authorityThatIsNotThere(String variable) {
    assertEquals(
        variable + ": /nowhere/ca cannot be used for TLS: there is no such file",
        refusal(Map.of(variable, "/nowhere/ca")));
  }

  @Test
  void authorityThatIsNone() throws IOException {
    var readme = Files.writeString(directory.resolve("README"), "certificates\n");

    assertEquals(
        "CONSUL_CACERT: %s cannot be used for TLS: Missing -----BEGIN CERTIFICATE----- delimiter"
            .formatted(readme),
        refusal(Map.of("CONSUL_CACERT", readme.toString())));
    assertEquals(
        "CONSUL_CAPATH: %s cannot be used for TLS: Missing -----BEGIN CERTIFICATE----- delimiter"
            .formatted(readme),
        refusal(Map.of("CONSUL_CAPATH", directory.toString())));
    assertEquals(
        "CONSUL_CAPATH: %s cannot be used for TLS: it is no directory".formatted(readme),
        refusal(Map.of("CONSUL_CAPATH", readme.toString())));
  }

  @Test
  void authorityThatIsNoneAmongOthers(@TempDir Path elsewhere) throws Exception {
    var good = TestAuthority.in(elsewhere).certificate();
    var readme = Files.writeString(directory.resolve("README"), "certificates\n");

    assertEquals(
        "CONSUL_CAPATH: %s cannot be used for TLS: Missing -----BEGIN CERTIFICATE----- delimiter"
            .formatted(readme),
        refusal(Map.of("CONSUL_CACERT", good.toString(), "CONSUL_CAPATH", directory.toString())));
  }

  @Test
  void directoryWithoutAuthorities() {
    assertEquals(
        "CONSUL_CAPATH: %s cannot be used for TLS: there is no file in it".formatted(directory),
        refusal(Map.of("CONSUL_CAPATH", directory.toString())));
  }

  @Test
  void certificateOfOursOrItsKey() throws IOException {
    var there = Files.createFile(directory.resolve("there.pem")).toString();

    assertEquals(
        "CONSUL_CLIENT_CERT: /nowhere/our.pem cannot be used for TLS: there is no such file",
        refusal(Map.of("CONSUL_CLIENT_CERT", "/nowhere/our.pem", "CONSUL_CLIENT_KEY", there)));
    assertEquals(
        "CONSUL_CLIENT_KEY: /nowhere/key.pem cannot be used for TLS: there is no such file",
        refusal(Map.of("CONSUL_CLIENT_CERT", there, "CONSUL_CLIENT_KEY", "/nowhere/key.pem")));
    assertEquals(
        "CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY: %s and %1$s cannot be used for TLS:"
                .formatted(there)
            + " Missing -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY----- or"
            + " -----BEGIN EC PRIVATE KEY----- delimiter",
        refusal(Map.of("CONSUL_CLIENT_CERT", there, "CONSUL_CLIENT_KEY", there)));
  }
}
