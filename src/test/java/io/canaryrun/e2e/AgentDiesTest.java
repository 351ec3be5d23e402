package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon is killed in mid-run and started again: it goes on as if nothing had happened. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class AgentDiesTest {
  private final Stack stack;

  AgentDiesTest(Stack stack) {
    this.stack = stack;
  }

  @ParameterizedTest
  @ValueSource(strings = {"SubmittingJob", "WaitingHealthy", "ObservingCounters", "Promoting"})
  void goodReleaseIsPromotedOnce(String phase) {
    // Given
    var name = "dies-" + phase.toLowerCase(Locale.ROOT);
    var run = new Run(stack, name, name + "/").production(1);
    try (var _ = Traffic.to(run)) {

      // When
      killedIn(phase, run, Map.of());
      try (var _ = agent(run)) {

        // Then
        var end = run.awaitEnd();
        assertEquals("GoalReached", end.path("reason").asText(), end.toString());
      }
    }
    assertEquals(1, run.submissions(run.canary()));
    assertEquals(2, run.submissions(run.name));
    assertEquals("2", run.version(run.name));
    run.assertClean();
  }

  @Test
  void abortGoesOn() {
    // Given
    var run = new Run(stack, "dies-aborting", "dies-aborting/").production(1);
    try (var _ = Traffic.to(run)) {

      // When
      killedIn("Aborting", run, Map.of("ERROR_RATE", "0.05"));
    }
    try (var _ = agent(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("ErrorsExceeded", end.path("reason").asText(), end.toString());
      assertTrue(end.at("/totals/errors").asLong() > 0, end.toString());
    }
    assertEquals("1", run.version(run.name));
    assertEquals(1, run.submissions(run.canary()));
    run.assertClean();
  }

  private void killedIn(String phase, Run run, Map<String, String> env) {
    var agent = agent(run);
    run.put(run.definition(env)).awaitPhase(phase);
    agent.kill();
  }

  private CanaryProcess agent(Run run) {
    return CanaryProcess.agent(
        stack.directory.resolve(run.name + ".log"), stack.environment(run.name + "/"));
  }
}
