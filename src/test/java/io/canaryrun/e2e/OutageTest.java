package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Consul and Nomad die in mid-run and come back with their data: the run waits and goes on. */
@Tag("e2e")
class OutageTest {

  @Test
  void runGoesOnAfterConsulAndAfterNomadWereRestarted() {
    try (var stack = Stack.persistent();
        var _ = CanaryProcess.agent(stack.directory.resolve("agent.log"), stack.environment())) {
      // Given
      var run = new Run(stack, "outage").production(1);
      JsonNode end;
      try (var _ = Traffic.to(run)) {
        run.put(run.definition(Map.of(), "\"analysis\":{\"requests\":1500}"))
            .awaitPhase("ObservingCounters");

        // When
        stack.consul.kill();
        stack.consul.start();
        stack.nomad.kill();
        stack.nomad.start();

        // Then
        end = run.awaitEnd();
      }
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
      assertEquals(1, run.submissions(run.canary()));
      assertEquals("2", run.version("outage"));
      run.assertClean();
    }
  }
}
