package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mode deployment: Nomad's own canaries, judged by their counters. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class DeploymentTest {
  /** Healthy by every check that Nomad makes. */
  private static final Map<String, String> EACH_HUNDREDTH_FAILS = Map.of("ERROR_EVERY", "100");

  private final Stack stack;

  DeploymentTest(Stack stack) {
    this.stack = stack;
  }

  /** What the whole of this is for: Nomad judges the health of allocations, and nothing else. */
  @Test
  void nomadItselfPromotesACanaryThatAnswersEachHundredthRequestWithAnError() {
    // Given
    var run = new Run(stack, "auto-promoted").production(1);

    // When
    try (var _ = Traffic.toProduction(run)) {
      stack.nomad.run(
          with(run.hcl(1, "2"), "canary = 1", "auto_promote = true")
              .replace("ERROR_RATE = var.error_rate", "ERROR_EVERY = 100"));

      // Then
      await("Nomad has promoted it")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                var deployment = stack.nomad.deployment("auto-promoted");
                return deployment.path("JobVersion").asInt() == 1
                    && deployment.path("Status").asText().equals("successful");
              });
    }
    assertEquals("2", run.version("auto-promoted"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thatCanaryIsAbortedAndTheStableVersionIsCurrentAgain(boolean autoRevert) {
    // Given
    var name = autoRevert ? "aborted-auto" : "aborted-plain";
    var run = production(name, 2, "auto_revert = " + autoRevert);

    // When
    try (var _ = Traffic.toProduction(run)) {
      run.put(definition(run, EACH_HUNDREDTH_FAILS));

      // Then
      var end = run.awaitEnd();
      assertEquals("ErrorsExceeded", end.path("reason").asText(), end.toString());
      assertTrue(end.path("message").asText().contains("production is as it was"), end.toString());
      assertEquals(2, end.path("canaries").size(), end.toString());
    }
    run.assertReturned(2);
  }

  @Test
  void goodReleaseIsPromoted() {
    // Given
    var run = production("good-deployment", 2);

    // When
    try (var _ = Traffic.toProduction(run)) {
      run.put(definition(run, Map.of()));

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals("2", run.version("good-deployment"));
    await("the old version is gone").until(() -> run.running("good-deployment") == 2);
    assertEquals("successful", stack.nomad.deployment("good-deployment").path("Status").asText());
  }

  @Test
  void onlyTheCountersOfCanariesCount() {
    // Given
    var run = new Run(stack, "old-errors");
    stack.nomad.run(run.hcl(1, "1").replace("ERROR_RATE = var.error_rate", "ERROR_EVERY = 10"));
    run.awaitInstances(1).awaitDeployed();

    // When
    try (var _ = Traffic.toProduction(run)) {
      run.put(definition(run, Map.of("ERROR_EVERY", "0")));

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
  }

  @Test
  void canaryThatDoesNotBecomeHealthyIsTakenBack() {
    // Given
    var run = production("unhealthy-deployment", 1);

    // When
    run.put(
        definition(
            run,
            Map.of("UNHEALTHY", "always"),
            "\"health\":{\"deadline\":\"5s\",\"stableFor\":\"1s\"}"));

    // Then
    var end = run.awaitEnd();
    assertEquals("CanaryUnhealthy", end.path("reason").asText(), end.toString());
    run.assertReturned(1);
  }

  @Test
  void noPlaceForCanaries() {
    // Given
    var run = production("no-place", 1);
    var greedy = run.hcl(1, "2").replace("memory = 40", "memory = 900000");

    // When
    run.put(
        run.definition(
            "\"job\":{" + Run.source(greedy, Map.of()) + "}",
            "\"canary\":{\"count\":1,\"mode\":\"deployment\"}",
            "\"health\":{\"deadline\":\"5s\",\"stableFor\":\"1s\"}"));

    // Then
    var end = run.awaitEnd();
    assertEquals("PlacementFailed", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("memory exhausted"), end.toString());
    run.assertReturned(1);
  }

  @Test
  void firstVersionHasNoCanaryPhase() {
    // Given
    var run = new Run(stack, "first");

    // When
    run.put(
        run.definition(
            "\"job\":{" + Run.source(run.hcl(1, "1"), Map.of()) + "}",
            "\"canary\":{\"count\":1,\"mode\":\"deployment\"}"));

    // Then
    var end = run.awaitEnd();
    assertEquals("NoCanaryPhase", end.path("reason").asText(), end.toString());
    assertEquals(0, run.running("first"));
  }

  @Test
  void nothingThatNeedsNewAllocationsHasNoCanaryPhase() {
    // Given
    var run = production("unchanged", 1);

    // When
    run.put(
        run.definition(
            "\"job\":{\"nomadJob\":\"unchanged\"}",
            "\"canary\":{\"count\":1,\"mode\":\"deployment\"}"));

    // Then
    var end = run.awaitEnd();
    assertEquals("NoCanaryPhase", end.path("reason").asText(), end.toString());
    assertEquals(1, run.submissions("unchanged"));
  }

  /** The registered job differs from the same content by our own stamps alone. */
  @Test
  void whatWasPromotedHasNoCanaryPhaseAgain() throws IOException {
    // Given
    var run = production("promoted-before", 1);
    var file = stack.directory.resolve("promoted-before.json");
    Files.writeString(file, definition(run, Map.of()));
    try (var _ = Traffic.toProduction(run)) {
      var first = apply(file, "first");
      assertEquals(0, first.exitCode(), first.output());
    }
    var index = stack.nomad.job("promoted-before").path("JobModifyIndex");

    // When
    var again = apply(file, "again");

    // Then
    assertEquals(1, again.exitCode(), again.output());
    assertTrue(again.output().contains("Failed (NoCanaryPhase)"), again.output());
    assertEquals(index, stack.nomad.job("promoted-before").path("JobModifyIndex"));
    assertEquals(2, run.submissions("promoted-before"));
  }

  private CanaryProcess apply(Path file, String rerun) {
    var process =
        CanaryProcess.start(
            stack.directory.resolve("promoted-before-" + rerun + ".txt"),
            stack.environment(),
            "apply",
            file.toString(),
            "--rerun=" + rerun,
            "--wait");
    var _ = process.exitCode();
    return process;
  }

  @Test
  void promotedInNomadByAPerson() {
    // Given
    var run = observed("promoted-by-hand");

    // When
    stack.nomad.promote("promoted-by-hand");

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    assertEquals("2", run.version("promoted-by-hand"));
    run.assertUnlocked();
  }

  @Test
  void failedInNomadByAPerson() {
    // Given
    var run = observed("failed-by-hand");

    // When
    stack.nomad.fail("failed-by-hand");

    // Then
    var end = run.awaitEnd();
    assertEquals("CanaryStopped", end.path("reason").asText(), end.toString());
    run.assertReturned(1);
  }

  @Test
  void anotherVersionRegisteredByAPerson() {
    // Given
    var run = observed("overtaken");

    // When
    stack.nomad.run(run.hcl(1, "9"));

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    run.assertLeftTo("9");
  }

  @Test
  void definitionDeleted() {
    // Given
    var run = observed("deleted-deployment");
    long generation = run.generation();

    // When
    run.delete();

    // Then
    var end = run.awaitEnd(generation);
    assertEquals("DefinitionDeleted", end.path("reason").asText(), end.toString());
    run.assertReturned(1);
  }

  @Test
  void productionThatIsBeingDeployedIsLeftAlone() {
    // Given
    var run = production("busy", 1);
    stack.nomad.run(with(run.hcl(1, "3"), "canary = 1"));
    await("somebody's canary is out")
        .until(() -> stack.nomad.deployment("busy").path("JobVersion").asInt() == 1);

    // When
    run.put(definition(run, Map.of()));

    // Then
    var end = run.awaitEnd();
    assertEquals("JobRejected", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("is being deployed"), end.toString());
    run.assertLeftTo("3");
  }

  private Run observed(String name) {
    var run = production(name, 1);
    run.put(definition(run, Map.of())).awaitPhase("ObservingCounters");
    return run;
  }

  private Run production(String name, int count, String... update) {
    var run = new Run(stack, name);
    stack.nomad.run(with(run.hcl(count, "1"), update));
    return run.awaitInstances(count).awaitDeployed();
  }

  private static String with(String hcl, String... update) {
    return hcl.replace("update {", "update {\n" + String.join("\n", update));
  }

  private static String definition(Run run, Map<String, String> env, String... more) {
    return run.definition(env, concat("\"canary\":{\"count\":2,\"mode\":\"deployment\"}", more));
  }

  private static String[] concat(String first, String... more) {
    var all = new String[more.length + 1];
    all[0] = first;
    System.arraycopy(more, 0, all, 1, more.length);
    return all;
  }
}
