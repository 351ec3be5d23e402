package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a run would do is told, and nothing of it is done. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class PlanTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEPLOYMENT = "\"canary\":{\"count\":2,\"mode\":\"deployment\"}";

  private final Stack stack;

  PlanTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void goodDefinitionIsPlannedAndNothingIsChanged() throws IOException {
    // Given
    var run = new Run(stack, "planned").production(1).awaitDeployed();
    var before = traces(run);

    // When
    var plan = plan(run, run.definition(Map.of()), "--job");

    // Then
    var said = plan.output();
    assertEquals(0, plan.exitCode(), said);
    assertTrue(said.contains("it would run"), said);
    assertTrue(said.contains("group \"web\": count 2, service planned-canary"), said);
    assertTrue(said.contains("\"ID\" : \"planned-canary\""), said);
    assertTrue(said.contains("+ job \"planned-canary\""), said);
    assertTrue(said.contains("~ Env[VERSION]: \"1\" => \"2\""), said);
    assertTrue(said.contains("confidence that a fault of 1 in 10,000 shows"), said);
    assertTrue(said.contains("production served no request within 5 s"), said);
    assertTrue(!said.contains("canary_run"), "stamps are of no interest: " + said);
    assertEquals(before, traces(run));
  }

  @Test
  void ownCanariesOfProductionArePlannedAndNothingIsChanged() throws IOException {
    // Given
    var run = new Run(stack, "planned-deployment").production(1).awaitDeployed();
    var before = traces(run);

    // When
    var plan = plan(run, run.definition(Map.of(), DEPLOYMENT));

    // Then
    assertEquals(0, plan.exitCode(), plan.output());
    assertTrue(plan.output().contains("(2 canary, "), plan.output());
    assertTrue(plan.output().contains("~ Update.Canary: \"0\" => \"2\""), plan.output());
    assertEquals(before, traces(run));
  }

  @Test
  void durationIsToldFromProductionsRequests() throws IOException {
    // Given
    var run = new Run(stack, "planned-rate").production(1).awaitDeployed();

    try (var _ = Traffic.toProduction(run)) {
      // When
      var plan = plan(run, run.definition(Map.of()), "-o", "json", "--set", "canary.count=1");

      // Then
      assertEquals(0, plan.exitCode(), plan.output());
      var forecast = JSON.readTree(plan.output()).path("forecast");
      assertEquals(0.5, forecast.path("share").asDouble(), plan.output());
      var rate = forecast.path("requestsPerSecond").asDouble();
      assertTrue(rate > 5 && rate < 60, plan.output()); // 50 are sent.
      assertEquals(
          (long) Math.ceil(400 / (rate / 2)), forecast.path("seconds").asLong(), plan.output());
    }
  }

  @Test
  void whatTheAgentWouldRefuseIsRefused() throws IOException {
    // Given
    var run = new Run(stack, "planned-refused");
    var before = traces(run);

    // Then
    assertEnds(
        1,
        "it would end Failed (JobRejected): Nomad knows no job planned-refused to start from",
        plan(run, run.definition(Map.of())));
    assertEnds(
        1,
        "it would end Failed (NotAllowed): the namespace is not allowed by"
            + " CANARY_ALLOW_NAMESPACES",
        plan(run, run.definition(Map.of(), "\"nomad\":{\"namespace\":\"other\"}")));
    assertEnds(
        1,
        "it would end Failed (NoCanaryPhase): Nomad knows no job planned-refused",
        plan(
            run,
            run.definition("\"job\":{" + Run.source(run.hcl(1, "1"), Map.of()) + "}", DEPLOYMENT)));
    assertEquals(before, traces(run));
  }

  @Test
  void whatNomadWouldNotTakeOrPlaceIsRefused() throws IOException {
    // Given
    var run = new Run(stack, "planned-greedy");
    var greedy = run.hcl(1, "1").replace("memory = 40", "memory = 900000");
    var job = "\"job\":{" + Run.source(greedy, Map.of()) + "}";

    // Then
    assertEnds(
        1,
        "it would end Failed (PlacementFailed): group web: cannot be placed: memory exhausted",
        plan(run, run.definition(job)));
    assertEnds(
        1,
        "it would end Failed (JobRejected): plan job planned-greedy-canary",
        plan(run, run.definition(job.replace("memory = 900000", "memory = -5"))));
    assertEquals(0, run.submissions("planned-greedy"));
    assertEquals(0, run.submissions("planned-greedy-canary"));
  }

  @Test
  void invalidDefinitionIsAUsageError() throws IOException {
    var run = new Run(stack, "planned-invalid");

    assertEnds(2, "/spec/cannary", plan(run, run.definition(Map.of(), "\"cannary\":{}")));
  }

  private static void assertEnds(int exitCode, String text, CanaryProcess plan) {
    assertEquals(exitCode, plan.exitCode(), plan.output());
    assertTrue(plan.output().contains(text), plan.output());
  }

  /** Everything that a run leaves: versions and indexes in Nomad, keys in Consul. */
  private List<String> traces(Run run) {
    var traces = new ArrayList<String>();
    for (var job : List.of(run.name, run.canary())) {
      var versions = get(stack.nomad.address() + "/v1/job/" + job + "/versions");
      versions
          .path("Versions")
          .forEach(it -> traces.add(it.path("Version") + " over " + it.path("JobModifyIndex")));
    }
    get(stack.consul.address() + "/v1/kv/canary/?keys")
        .forEach(
            key -> {
              if (key.asText().contains(run.name) || key.asText().contains("doctor")) {
                traces.add(key.asText());
              }
            });
    return traces;
  }

  private static JsonNode get(String address) {
    var text = Http.get(address);
    try {
      return text.isEmpty() ? JSON.missingNode() : JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private CanaryProcess plan(Run run, String definition, String... options) throws IOException {
    var file = stack.directory.resolve(run.name + ".json");
    Files.writeString(file, definition);
    var arguments = new ArrayList<>(List.of("plan", file.toString()));
    arguments.addAll(List.of(options));
    var plan =
        CanaryProcess.start(
            stack.directory.resolve("%s-%d.txt".formatted(run.name, System.nanoTime())),
            stack.environment(),
            arguments.toArray(String[]::new));
    var _ = plan.exitCode();
    return plan;
  }
}
