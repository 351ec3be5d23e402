package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** People and other programs change the job in mid-run that carries the canaries. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class DeploymentWorldTest {
  private final Stack stack;

  DeploymentWorldTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void stoppedByAPerson() {
    // Given
    var run = observed("off");

    // When
    stack.nomad.stop("off");

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    assertTrue(stack.nomad.job("off").path("Stop").asBoolean());
    run.assertLeftTo("2");
    await("the stable allocation is gone as well")
        .atMost(Duration.ofSeconds(30))
        .until(() -> run.running("off") == 0);
  }

  @Test
  void revertedByAPerson() {
    // Given
    var run = observed("back");

    // When
    stack.nomad.revert("back", 0);

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    run.assertReturned(1);
  }

  @Test
  void canariesOfSomebodyElse() {
    // Given
    var run = observed("competing");

    // When
    stack.nomad.run(run.hcl(1, "9").replace("update {", "update {\ncanary = 1"));

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    run.assertLeftTo("9");
    var theirs = stack.nomad.deployment("competing");
    assertEquals(2, theirs.path("JobVersion").asInt(), theirs.toString());
    assertEquals("running", theirs.path("Status").asText(), theirs.toString());
  }

  /** Nomad refuses to scale during a deployment; who registers the job with a count is heeded. */
  @Test
  void scaledByAnAutoscaler() {
    // Given
    var run = observed("autoscaled");
    var before = run.status().path("canaries").toString();

    // When
    var refusal =
        assertThrows(IllegalStateException.class, () -> stack.nomad.scale("autoscaled", "web", 2));
    assertTrue(refusal.getMessage().contains("deployment"), refusal.getMessage());
    stack.nomad.edit("autoscaled", job -> job.replace("\"Count\":1", "\"Count\":2"));
    try (var _ = Traffic.toProduction(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), before + "\n" + end);
    }
    assertEquals("2", run.version("autoscaled"));
    await("the old version is gone").until(() -> run.running("autoscaled") == 2);
    run.assertUnlocked();
  }

  private Run observed(String name) {
    var run = new Run(stack, name).production(1).awaitDeployed();
    run.put(run.definition(Map.of(), "\"canary\":{\"count\":2,\"mode\":\"deployment\"}"))
        .awaitPhase("ObservingCounters");
    return run;
  }
}
