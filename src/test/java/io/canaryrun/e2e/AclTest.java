package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nomad and Consul deny what no policy allows. Everybody has the policies of {@code
 * deploy/nomad/acl} and nothing else, and the operator is the system job of {@code deploy/nomad}:
 * its tokens are those of its workload identity, and it reaches Nomad over the task's own socket.
 */
@Tag("e2e")
@ExtendWith(Locked.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class AclTest {
  private final Locked locked;
  private final Stack stack;

  AclTest(Locked locked) {
    this.locked = locked;
    this.stack = locked.stack();
  }

  /** Nomad 1.11.3 plans nothing for workload identities: mode deployment needs a token. */
  @Test
  void bothModesEndWellAndBadlyWithTheShippedPolicies() throws IOException {
    for (var run : endWellAndBadly("job")) {
      run.assertClean();
    }
    locked.giveOperatorAToken();
    for (var run : endWellAndBadly("deployment")) {
      run.awaitInstances(1);
      run.assertUnlocked();
    }

    // Nor was it refused anything that its runs can go without, such as events.
    var log = locked.operatorLog();
    assertTrue(log.contains("run deployment-good generation"), log);
    assertTrue(log.contains("event of job job-good-canary wakes run job-good"), log);
    assertTrue(log.contains("event of job deployment-good wakes run deployment-good"), log);
    assertFalse(log.contains("no permission"), log);
  }

  private List<Run> endWellAndBadly(String mode) throws IOException {
    // Given
    var good = new Run(stack, mode + "-good").production(1).awaitDeployed();
    var bad = new Run(stack, mode + "-bad").production(1).awaitDeployed();

    // When
    try (var _ = Traffic.toProduction(good);
        var _ = Traffic.toProduction(bad);
        var _ = Traffic.to(good);
        var _ = Traffic.to(bad);
        var applyGood = apply(good, mode, "0");
        var applyBad = apply(bad, mode, "10")) {

      // Then
      assertEquals(0, applyGood.exitCode(), applyGood.output());
      assertEquals(3, applyBad.exitCode(), applyBad.output());
    }
    assertEnded(good, "GoalReached", "2");
    assertEnded(bad, "ErrorsExceeded", "1");
    return List.of(good, bad);
  }

  private CanaryProcess apply(Run run, String mode, String errorEvery) throws IOException {
    var canary = "\"canary\":{\"mode\":\"%s\",\"count\":1}".formatted(mode);
    var definition = run.definition(Map.of("ERROR_EVERY", errorEvery), canary);
    return locked.canary(locked.pipeline(), "apply", "-f", run.file(definition), "--wait");
  }

  private static void assertEnded(Run run, String reason, String version) {
    assertEquals(reason, run.status().path("reason").asText(), run.status().toString());
    assertEquals(version, run.version(run.name));
  }

  @Test
  void peopleSeeAndEndRuns() throws IOException {
    // Given
    var run = new Run(stack, "people").production(1);
    run.put(run.definition(Map.of()));
    run.awaitPhase("ObservingCounters");

    // When
    try (var abort = locked.canary(locked.people(), "abort", "people", "--reason", "enough")) {

      // Then
      assertEquals(0, abort.exitCode(), abort.output());
    }
    assertEquals("AbortedByPerson", run.awaitEnd().path("reason").asText());
    try (var describe = locked.canary(locked.people(), "describe", "people")) {
      assertEquals(0, describe.exitCode(), describe.output());
      assertTrue(describe.output().contains("enough"), describe.output());
    }
    run.assertClean();
  }

  /** Both tokens stand in files; while they are revoked, somebody puts new ones there. */
  @Test
  void pipelineCarriesARunItselfThoughItsTokensAreReplaced() throws IOException {
    // Given
    var run = new Run(stack, "carried").production(1);
    var first = stack.nomad.token("canary-run");
    var consulToken =
        stack.consul.token("canary-pipeline-run", Locked.rules("consul-pipeline-run"));
    var consulFile = Files.writeString(stack.directory.resolve("consul-token"), consulToken);
    var nomadFile =
        Files.writeString(
            stack.directory.resolve("nomad-token"), first.path("SecretID").asText() + "\n");
    var environment = new HashMap<>(stack.environment());
    environment.put("CONSUL_HTTP_TOKEN_FILE", consulFile.toString());
    environment.put("NOMAD_TOKEN_FILE", nomadFile.toString());
    var job = "\"job\":{%s}".formatted(Run.source(run.hcl(1, "2"), Map.of()));
    var definition = run.definition(job, "\"analysis\":{\"requests\":800}");
    var output = stack.directory.resolve("carried.log");

    // When
    try (var _ = Traffic.to(run);
        var process = CanaryProcess.start(output, environment, "run", "-f", run.file(definition))) {
      run.awaitPhase("ObservingCounters");
      Files.writeString(consulFile, stack.consul.token("canary-pipeline-run"));
      Files.writeString(nomadFile, stack.nomad.token("canary-run").path("SecretID").asText());
      stack.consul.revoke(consulToken);
      stack.nomad.send("DELETE", "/v1/acl/token/" + first.path("AccessorID").asText(), null);

      // Then
      assertEquals(0, process.exitCode(), process.output());
    }
    assertEquals("2", run.version("carried"));
    run.assertClean();
  }

  @Test
  void runThatMayRegisterNoJobSaysWhatItWaitsFor() {
    // Given
    var run = new Run(stack, "unpermitted").production(1);
    var tokens =
        Map.of(
            "CONSUL_HTTP_TOKEN",
            stack.consul.token("unpermitted", Locked.rules("consul-pipeline-run")),
            "NOMAD_TOKEN",
            stack.nomad.token("canary-pipeline").path("SecretID").asText());
    var file = run.file(run.definition(Map.of(), "\"deadline\":\"4s\""));

    // When
    try (var process = locked.canary(tokens, "run", "-f", file)) {

      // Then
      assertEquals(3, process.exitCode(), process.output());
      var waiting =
          process
              .output()
              .lines()
              .filter(line -> line.contains("unpermitted SubmittingJob: register job"))
              .toList();
      assertEquals(1, waiting.size(), process.output());
      assertTrue(waiting.getFirst().contains("the token (NOMAD_TOKEN, for Nomad at http"));
      assertTrue(waiting.getFirst().endsWith("; the run waits for it"), waiting.getFirst());
    }
    run.assertUnlocked();
  }

  @ParameterizedTest
  @CsvSource({"status/api", "commands/api/promote", "generations/api/7", "history/api/7"})
  void pipelineWritesNeitherVerdictsNorCommands(String key) {
    assertDenied(locked.pipeline(), "PUT", key);
    assertDenied(locked.pipeline(), "DELETE", key);
  }

  @Test
  void nobodyReadsTheFrozenJobsWithTheirSecrets() {
    assertDenied(locked.pipeline(), "GET", "generations/api/7");
    assertDenied(locked.people(), "GET", "generations/api/7");
  }

  @Test
  void pipelinePlans() {
    // Given
    var run = new Run(stack, "planned").production(1);
    var tokens =
        Map.of(
            "CONSUL_HTTP_TOKEN",
            locked.pipeline(),
            "NOMAD_TOKEN",
            stack.nomad.token("canary-pipeline").path("SecretID").asText());

    // When
    try (var plan = locked.canary(tokens, "plan", run.file(run.definition(Map.of())))) {

      // Then
      assertEquals(0, plan.exitCode(), plan.output());
    }
  }

  @ParameterizedTest
  @CsvSource({"status/api", "runs/api", "generations/api/7", "history/api/7"})
  void peopleOnlyWriteCommands(String key) {
    assertDenied(locked.people(), "PUT", key);
  }

  /** S6. */
  @Test
  void operatorCannotWriteDefinitions() {
    var operator = stack.consul.token("operator-by-hand", Locked.rules("consul-operator"));

    assertDenied(operator, "PUT", "runs/api");
    assertDenied(operator, "DELETE", "runs/api");
    assertDenied(operator, "PUT", "jobs/api");
  }

  private void assertDenied(String token, String method, String key) {
    assertEquals(403, stack.consul.statusAs(token, method, "/v1/kv/canary/" + key, "x"), key);
  }

  @Test
  void nomadsPoliciesAllowNoMoreThanTheyMust() {
    var job = "{\"Job\":{\"ID\":\"x\"},\"JobID\":\"people\",\"JobVersion\":0}";
    for (var policy : List.of("canary-run", "canary-pipeline")) {
      var token = stack.nomad.token(policy).path("SecretID").asText();
      for (var denied :
          List.of(
              "DELETE /v1/job/people", // Also in use by another test.
              "PUT /v1/job/people/revert",
              "PUT /v1/system/gc",
              "GET /v1/nodes",
              "GET /v1/var/nomad/jobs/canary",
              "GET /v1/acl/tokens")) {
        var request = denied.split(" ", 2);
        assertEquals(403, stack.nomad.statusAs(token, request[0], request[1], job), denied);
      }
    }
    var mayPlan = stack.nomad.token("canary-pipeline").path("SecretID").asText();
    var valid = "{\"Job\":%s}".formatted(stack.nomad.parse(new Run(stack, "none").hcl(1, "1")));
    assertEquals(403, stack.nomad.statusAs(mayPlan, "PUT", "/v1/jobs", valid));
  }

  @Test
  void nobodyGetsAnythingWithoutAToken() throws IOException {
    var run = new Run(stack, "nobody");
    try (var apply = locked.canary("", "apply", "-f", run.file(run.definition(Map.of())))) {
      assertEquals(1, apply.exitCode(), apply.output());
      assertTrue(apply.output().contains("CONSUL_HTTP_TOKEN"), apply.output());
    }
  }
}
