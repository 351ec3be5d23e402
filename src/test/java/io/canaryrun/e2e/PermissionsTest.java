package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The daemon's token is allowed what the shipped policy says, and loses it in mid-run. */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
class PermissionsTest {
  private static final String RULES = Locked.rules("consul-operator");

  /** Consul answers 403 for one definition, and an empty list for all. */
  private static final String NO_DEFINITIONS =
      RULES + "key_prefix \"canary/runs/\" { policy = \"deny\" }\n";

  @Test
  void definitionThatMayNotBeReadIsNotTakenForDeleted() {
    endAfter(
        (stack, agent) -> {
          stack.consul.changeRules("daemon", NO_DEFINITIONS);
          awaitRefusal(agent);
        });
  }

  @Test
  void runGoesOnWhenPermissionsAreGivenBack() {
    endAfter(
        (stack, agent) -> {
          stack.consul.changeRules("daemon", "");
          awaitRefusal(agent);
          stack.consul.changeRules("daemon", RULES);
        });
  }

  private static void awaitRefusal(CanaryProcess agent) {
    await("the daemon says what it may not read")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> agent.output().contains("CONSUL_HTTP_TOKEN"));
  }

  private static void endAfter(BiConsumer<Stack, CanaryProcess> change) {
    try (var stack = Stack.guarded()) {
      // Given
      var environment = new HashMap<>(stack.environment());
      environment.put("CONSUL_HTTP_TOKEN", stack.consul.token("daemon", RULES));
      try (var agent = CanaryProcess.agent(stack.directory.resolve("agent.log"), environment)) {
        var run = new Run(stack, "permitted").production(1);
        try (var _ = Traffic.to(run)) {
          run.put(run.definition(Map.of(), "\"analysis\":{\"requests\":2000}"))
              .awaitPhase("ObservingCounters");

          // When
          change.accept(stack, agent);

          // Then
          var end = run.awaitEnd();
          assertEquals("GoalReached", end.path("reason").asText(), end.toString());
        }
        assertEquals("2", run.version("permitted"));
        assertEquals(1, run.submissions(run.canary()));
        run.assertClean();
      }
    }
  }
}
