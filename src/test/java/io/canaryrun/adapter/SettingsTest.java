package io.canaryrun.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.adapter.consul.ConsulSettings;
import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.nomad.NomadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The environment variables of the official clients of Nomad and Consul. */
class SettingsTest {

  @Test
  void defaultsAreTheAgentsOfThisMachine() {
    assertEquals("http://127.0.0.1:4646", nomad(Map.of()).address().toString());
    assertEquals("http://127.0.0.1:8500", consul(Map.of()).address().toString());
    assertEquals(Optional.empty(), nomad(Map.of("NOMAD_TOKEN", " ")).token().value());
  }

  @ParameterizedTest
  @CsvSource({
    "consul.example:8500, '', http://consul.example:8500",
    "consul.example:8501, true, https://consul.example:8501",
    "https://consul.example:8501, '', https://consul.example:8501",
    "http://consul.example:8500, true, http://consul.example:8500"
  })
  void consulsAddressNeedsNoScheme(String address, String ssl, String expected) {
    var settings = consul(Map.of("CONSUL_HTTP_ADDR", address, "CONSUL_HTTP_SSL", ssl));

    assertEquals(expected, settings.address().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "NOMAD_ADDR, nomad.example:4646, it must be like http",
    "NOMAD_ADDR, http://, NOMAD_ADDR is 'http://'",
    "NOMAD_ADDR, unix://run/nomad.sock, unix:///PATH",
    "NOMAD_SKIP_VERIFY, yes, it must be true or false",
    "NOMAD_CLIENT_CERT, cert.pem, NOMAD_CLIENT_KEY must be set together"
  })
  void unusableValueIsNamedWithItsMend(String variable, String value, String message) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> nomad(Map.of(variable, value)));

    assertTrue(refusal.getMessage().contains(variable), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @Test
  void consulsTokenMayStandInAFile(@TempDir Path directory) throws IOException {
    var file = Files.writeString(directory.resolve("token"), "from-file\n").toString();
    var gone = Map.of("CONSUL_HTTP_TOKEN_FILE", directory.resolve("gone").toString());

    assertEquals(
        Optional.of("from-file"),
        consul(Map.of("CONSUL_HTTP_TOKEN_FILE", file, "CONSUL_HTTP_TOKEN", "fixed"))
            .token()
            .value());
    assertRefused(
        "CONSUL_HTTP_TOKEN_FILE: %s cannot be read: there is no such file"
            .formatted(directory.resolve("gone")),
        () -> consul(gone));
  }

  @Test
  void tokenFileThatCannotBeReadIsNamedWithItsVariableAndTheReason(@TempDir Path directory)
      throws IOException {
    var empty = Files.createFile(directory.resolve("empty"));
    var identity = Files.createFile(directory.resolve("nomad_token"));

    assertRefused(
        "NOMAD_TOKEN_FILE: /there/is/none cannot be read: there is no such file",
        () -> nomad(Map.of("NOMAD_TOKEN_FILE", "/there/is/none")));
    assertRefused(
        "NOMAD_TOKEN_FILE: %s cannot be read: it is empty".formatted(empty),
        () -> nomad(Map.of("NOMAD_TOKEN_FILE", empty.toString())));
    assertRefused(
        "NOMAD_SECRETS_DIR: %s cannot be read: it is empty".formatted(identity),
        () -> nomad(Map.of("NOMAD_SECRETS_DIR", directory.toString())));
  }

  private static void assertRefused(String message, Executable settings) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, settings).getMessage());
  }

  @Test
  void identityThatNomadWritesForItsTaskIsTheToken(@TempDir Path secrets) throws IOException {
    // Given
    var file = secrets.resolve("nomad_token");
    var directory = Map.of("NOMAD_SECRETS_DIR", secrets.toString());
    var both = Map.of("NOMAD_SECRETS_DIR", secrets.toString(), "NOMAD_TOKEN", "of-the-start");

    // Then
    assertEquals("NOMAD_TOKEN", nomad(both).token().source());

    // When
    Files.writeString(file, "of-the-start\n");

    // Then
    assertEquals("file " + file, nomad(directory).token().source());
    assertEquals("file " + file, nomad(both).token().source());
  }

  /** Somebody set it on purpose: Nomad itself would have set it to what is in the file. */
  @Test
  void tokenThatIsGivenIsTakenInThePlaceOfTheIdentity(@TempDir Path secrets) throws IOException {
    Files.writeString(secrets.resolve("nomad_token"), "identity");
    var variables = Map.of("NOMAD_SECRETS_DIR", secrets.toString(), "NOMAD_TOKEN", "given");

    assertEquals(Optional.of("given"), nomad(variables).token().value());
    assertEquals("NOMAD_TOKEN", nomad(variables).token().source());
  }

  @ParameterizedTest
  @CsvSource({
    "http://me:s3cret@nomad.example:4646, http://nomad.example:4646",
    "https://me:s3@cret@nomad.example, https://nomad.example",
    "http://me:s3cret@:nowhere, ''",
    "http://me:s3/cret@nomad.example, ''",
    "ftp://me:s3cret@nomad.example, ''",
    "me:s3cret@nomad.example, ''"
  })
  void loginInAnAddressIsNeverShown(String address, String expected) {
    for (var variable : List.of("NOMAD_ADDR", "CONSUL_HTTP_ADDR")) {
      var shown = shown(Map.of(variable, address));

      assertFalse(shown.contains("cret"), shown);
      assertTrue(shown.contains(expected), shown);
    }
  }

  private static String shown(Map<String, String> variables) {
    try {
      return consul(variables).address() + " " + nomad(variables).address();
    } catch (IllegalArgumentException refusal) {
      assertNull(refusal.getCause(), "it might show the address");
      return refusal.getMessage();
    }
  }

  @Test
  void loginStandsInTheAddressOrInAVariable() {
    assertEquals(
        Optional.of("me:s3cret"),
        nomad(Map.of("NOMAD_ADDR", "http://me:s3cret@n:1", "NOMAD_HTTP_AUTH", "a:b"))
            .address()
            .login());
    assertEquals(Optional.of("a:b"), consul(Map.of("CONSUL_HTTP_AUTH", "a:b")).address().login());
  }

  @Test
  void certificatesAreCheckedUnlessToldOtherwise() {
    assertFalse(nomad(Map.of()).tls().skipVerify());
    assertFalse(consul(Map.of()).tls().skipVerify());
    assertTrue(nomad(Map.of("NOMAD_SKIP_VERIFY", "1")).tls().skipVerify());
    assertTrue(consul(Map.of("CONSUL_HTTP_SSL_VERIFY", "false")).tls().skipVerify());
  }

  @Test
  void tokensAreNotPrinted() {
    assertFalse(nomad(Map.of("NOMAD_TOKEN", "secret")).toString().contains("secret"));
    assertFalse(consul(Map.of("CONSUL_HTTP_TOKEN", "secret")).toString().contains("secret"));
    assertFalse(new Environment(Map.of("TOKEN", "secret")).toString().contains("secret"));
  }

  private static Access nomad(Map<String, String> variables) {
    return NomadSettings.of(new Environment(variables));
  }

  private static Access consul(Map<String, String> variables) {
    return ConsulSettings.of(new Environment(variables));
  }
}
