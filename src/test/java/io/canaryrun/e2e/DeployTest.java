package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The real Nomad takes the jobs that are shipped, with each choice that their variables offer. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class DeployTest {
  private static final Path DEPLOY = Path.of("deploy/nomad");

  private final Stack stack;

  DeployTest(Stack stack) {
    this.stack = stack;
  }

  static Stream<Path> files() throws IOException {
    try (var files = Files.list(DEPLOY)) {
      return files.filter(file -> file.toString().endsWith(".nomad.hcl")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isValidAsItIs(Path file) throws IOException {
    assertValid(file, "");
  }

  @Test
  void bothJobsAreThere() throws IOException {
    assertEquals(2, files().count());
  }

  @ParameterizedTest
  @CsvSource({
    "canary, nomad_token, identity",
    "canary, nomad_token, variable",
    "canary, consul_token, identity",
    "canary, consul_token, variable",
    "canary, checks, nomad",
    "canary, log_format, json",
    "canary, driver, exec",
    "canary, nomad_addr, http://127.0.0.1:4646",
    "haproxy, consul_token, identity",
    "haproxy, driver, exec"
  })
  void isValidWithEachChoice(String job, String variable, String value) throws IOException {
    assertValid(file(job), "%s = \"%s\"".formatted(variable, value));
  }

  @ParameterizedTest
  @CsvSource({
    "canary, nomad_token",
    "canary, consul_token",
    "canary, log_format",
    "haproxy, consul_token"
  })
  void whatIsNoChoiceIsRefused(String job, String variable) {
    var failure =
        assertThrows(
            IllegalStateException.class,
            () -> assertValid(file(job), "%s = \"somewhere\"".formatted(variable)));

    assertTrue(failure.getMessage().contains("It must be"), failure.getMessage());
  }

  /** Each of these drivers runs the operator as somebody who must be able to read its tokens. */
  @ParameterizedTest
  @CsvSource({"raw_exec, 600", "exec, 644"})
  void operatorCanReadItsTokens(String driver, String perms) throws IOException {
    var variables =
        "driver = \"%s\"\nconsul_token = \"variable\"\nnomad_token = \"variable\""
            .formatted(driver);

    var templates = task(file("canary"), variables).path("Templates");

    assertEquals(
        List.of(perms, perms),
        templates.findValues("Perms").stream().map(JsonNode::asText).toList());
  }

  /** Nomad's socket takes nobody without a token, and up to 1.11.3 plans nothing for identities. */
  @ParameterizedTest
  @CsvSource({
    "none, http://127.0.0.1:4646, ''",
    "identity, unix://${NOMAD_SECRETS_DIR}/api.sock, ${NOMAD_SECRETS_DIR}/nomad_canary.jwt",
    "variable, unix://${NOMAD_SECRETS_DIR}/api.sock, ${NOMAD_SECRETS_DIR}/variable_nomad_token"
  })
  void operatorAsksNomadWhereItsTokenIsTaken(String token, String address, String file)
      throws IOException {
    var environment = task(file("canary"), "nomad_token = \"%s\"".formatted(token)).path("Env");

    assertEquals(address, environment.path("NOMAD_ADDR").asText());
    assertEquals(file, environment.path("NOMAD_TOKEN_FILE").asText());
  }

  @Test
  void operatorNeedsNoTokenUnlessToldSo() throws IOException {
    var asItIs = task(file("canary"), "");

    assertEquals(task(file("canary"), "nomad_token = \"none\""), asItIs);
    assertEquals("", asItIs.path("Env").path("CONSUL_HTTP_TOKEN_FILE").asText());
  }

  /** HAProxy takes no two servers of one name, and two clients may give the same port. */
  @Test
  void serversOfHaproxyAreNamedByAddressAndPort() throws IOException {
    var template = task(file("haproxy"), "").path("Templates").path(0).path("EmbeddedTmpl");

    assertTrue(
        template.asText().contains("server {{ $name }}-{{ .Address }}-{{ .Port }} "),
        template.asText());
  }

  private JsonNode task(Path file, String variables) throws IOException {
    return stack
        .nomad
        .parse(Files.readString(file), variables)
        .path("TaskGroups")
        .path(0)
        .path("Tasks")
        .path(0);
  }

  private static Path file(String job) {
    return DEPLOY.resolve(job + ".nomad.hcl");
  }

  private void assertValid(Path file, String variables) throws IOException {
    var verdict = stack.nomad.validate(Files.readString(file), variables);

    assertEquals("", verdict.path("Error").asText(), verdict.toString());
    assertEquals("", verdict.path("Warnings").asText(), verdict.toString());
    assertTrue(verdict.path("ValidationErrors").isEmpty(), verdict.toString());
    assertTrue(verdict.path("DriverConfigValidated").asBoolean(), verdict.toString());
  }
}
