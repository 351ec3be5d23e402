package io.canaryrun.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.agents.ConsulAgent;
import io.canaryrun.agents.NomadAgent;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What nobody may see who sees logs, statuses, errors or descriptions: tokens, the login in an
 * address, and whatever stands in jobs and definitions. All that is planted here contains {@code
 * planted}; the operator and the commands tell all that they can.
 */
@Tag("e2e")
@ExtendWith(Locked.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class SecretsTest {
  /** Of a task: a file, and the beginning of its environment. */
  private static final String PLANTED =
      """
      template {
        destination = "secrets/more"
        data        = "planted-in-template"
      }
      env {
        PASSWORD = "planted-in-env"
      """;

  private final Locked locked;
  private final Stack stack;

  SecretsTest(Locked locked) {
    this.locked = locked;
    this.stack = locked.stack();
  }

  @Test
  void goodReleaseTellsNone() {
    endsSilently("silent-good", "0", 0);
  }

  @Test
  void badReleaseTellsNone() {
    endsSilently("silent-bad", "0.05", 3);
  }

  private void endsSilently(String name, String errorRate, int exitCode) {
    // Given
    var run = new Run(stack, name);
    stack.nomad.run(hcl(run));
    run.awaitInstances(1);
    var definition = run.definition(Map.of("ERROR_RATE", errorRate, "KEY", "planted-in-set"));

    // When
    var told = new ArrayList<String>();
    try (var _ = Traffic.to(run);
        var apply = canary("apply", "-f", run.file(definition), "--wait")) {
      assertEquals(exitCode, apply.exitCode(), apply.output());
      told.add(apply.output());
    }

    // Then
    told.addAll(shown(run));
    assertTold(run, told);
  }

  /** Nomad says itself what it does not like about a job. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"hcl\":\"job \\\"x\\\" {\\n env = planted-in-hcl\\n planted_in_hcl \\\"planted\\\"",
        "\"hcl\":\"job \\\"x\\\" { datacenters = [var.key] }\",\"variables\":{\"key\":\"planted\"}",
        "\"json\":{\"ID\":\"x\",\"TaskGroups\":[{\"Tasks\":[{\"Env\":{\"A\":[\"planted\"]}}]}]}",
        "\"nomadJob\":\"x\",\"set\":{\"env\":{\"KEY\":[\"planted\"]},\"meta\":{\"KEY\":{\"a\":\"planted\"}}}",
        "\"nomadJob\":\"x\",\"set\":{\"env\":\"KEY=planted\",\"meta\":\"KEY=planted\"}",
        "\"nomadJob\":\"x\",\"set\":\"planted\"",
        "\"hcl\":\"job\",\"variables\":\"planted\"",
        "\"nomadJob\":\"x\",\"set\":{\"env\":{\"KEY\":planted}}"
      })
  void jobThatIsRefusedTellsNone(String job) {
    // Given
    var run = new Run(stack, "refused-" + Integer.toHexString(job.hashCode()));
    var definition =
        """
        {"apiVersion":"canary/v1","kind":"CanaryRun","metadata":{"name":"%s"},
         "spec":{"job":{%s}}}
        """
            .formatted(run.name, job);

    // When
    run.put(definition);
    var end = run.awaitEnd();

    // Then
    assertFalse(end.path("reason").asText().isEmpty(), end.toString());
    var told = new ArrayList<>(shown(run));
    try (var validate = canary("validate", run.file(definition))) {
      var _ = validate.exitCode();
      told.add(validate.output());
    }
    assertTold(run, told);
  }

  @Test
  void addressThatDoesNotAnswerTellsNone() {
    // Given
    var nowhere = Locked.withLogin("http://127.0.0.1:1");

    // When
    try (var get = locked.canary(Map.of("CONSUL_HTTP_ADDR", nowhere), "get");
        var doctor =
            locked.canary(Map.of("CONSUL_HTTP_ADDR", nowhere, "NOMAD_ADDR", nowhere), "doctor")) {

      // Then
      assertEquals(1, get.exitCode(), get.output());
      assertTrue(get.output().contains("http://127.0.0.1:1"), get.output());
      assertEquals(1, doctor.exitCode(), doctor.output());
      assertNone(List.of(get.output(), doctor.output()));
    }
  }

  @Test
  void tokenThatIsRefusedIsNotTold() {
    var tokens =
        Map.of(
            "CONSUL_HTTP_TOKEN",
            "planted0-0000-4000-8000-000000000000",
            "NOMAD_TOKEN",
            "planted0-0000-4000-8000-000000000001",
            "QUARKUS_LOG_LEVEL",
            "DEBUG");
    try (var doctor = locked.canary(tokens, "doctor")) {
      assertEquals(1, doctor.exitCode(), doctor.output());
      assertNone(List.of(doctor.output()));
    }
  }

  /** As what it describes and lists, and what stands in Consul. */
  private List<String> shown(Run run) {
    var shown = new ArrayList<String>();
    shown.add(run.status().toString());
    shown.add(run.history(run.generation()).toString());
    for (var command :
        List.of(
            List.of("describe", run.name),
            List.of("history", run.name),
            List.of("get", run.name, "-o", "json"),
            List.of("get"))) {
      try (var process = canary(command.toArray(String[]::new))) {
        assertEquals(0, process.exitCode(), process.output());
        shown.add(process.output());
      }
    }
    return shown;
  }

  /** As a person, with a login in each address. */
  private CanaryProcess canary(String... arguments) {
    return locked.canary(
        Map.of(
            "CONSUL_HTTP_ADDR", Locked.withLogin(stack.consul.address().toString()),
            "NOMAD_ADDR", Locked.withLogin(stack.nomad.address().toString()),
            "CONSUL_HTTP_TOKEN", locked.pipeline(),
            "QUARKUS_LOG_LEVEL", "DEBUG"),
        arguments);
  }

  private static String hcl(Run run) {
    return run.hcl(1, "1").replace("env {\n", PLANTED);
  }

  private void assertTold(Run run, List<String> told) {
    var log = locked.operatorLog();
    assertTrue(log.contains("run " + run.name), "the operator has a log");
    assertTrue(log.contains(" DEBUG "), "which tells all that it can");
    told.add(log);
    told.add(Http.get("http://127.0.0.1:" + locked.port() + "/q/health"));
    told.add(Http.get("http://127.0.0.1:" + locked.port() + "/q/metrics"));
    assertNone(told);
  }

  private void assertNone(List<String> told) {
    for (var text : told) {
      for (var secret : secrets()) {
        assertFalse(text.contains(secret), secret + " in: " + around(text, secret));
      }
    }
  }

  private List<String> secrets() {
    var secrets = new ArrayList<>(List.of("planted", ConsulAgent.ROOT, NomadAgent.ROOT));
    secrets.add(Base64.getEncoder().encodeToString(Locked.LOGIN.getBytes(UTF_8)));
    secrets.add(locked.pipeline());
    secrets.add(locked.people());
    for (var token : List.of("nomad_canary.jwt", "consul_token")) {
      var found = locked.inTaskFiles(token);
      assertFalse(found.isEmpty(), "the operator has no " + token);
      secrets.addAll(found);
    }
    secrets.addAll(locked.inTaskFiles("nomad_token"));
    return secrets;
  }

  private static String around(String text, String secret) {
    int at = text.indexOf(secret);
    return text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 300));
  }
}
