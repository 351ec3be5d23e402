package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The canary is good, production does not take the version: it is as it was, and one knows why. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class ProductionFailsTest {
  private final Stack stack;

  ProductionFailsTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void rolloutOfTheNewVersionFails() {
    // Given
    var run = new Run(stack, "rollout-fails").production(1).awaitDeployed();
    var broken = run.hcl(1, "2").replace("bin/java\"", "bin/false\"");

    // When
    JsonNode end;
    try (var _ = Traffic.to(run)) {
      end =
          run.put(
                  run.definition(
                      "\"job\":{%s}".formatted(Run.source(broken, Map.of())),
                      "\"canary\":{\"count\":1,\"job\":{%s}}"
                          .formatted(Run.source(run.canaryHcl(1), Map.of()))))
              .awaitEnd();
    }

    // Then
    assertFailed(end, "Driver Failure");
    run.assertReturned(1);
    run.assertClean();
  }

  @Test
  void restOfTheDeploymentFailsAfterItsPromotion() {
    // Given
    var run = new Run(stack, "rest-fails").production(3).awaitDeployed();

    // When
    JsonNode end;
    try (var _ = Traffic.toProduction(run)) {
      end =
          run.put(
                  run.definition(
                      Map.of("CRASH_AFTER", "1s", "CRASH_TIMES", "9", "FAULTY_INDEX", "2"),
                      "\"canary\":{\"count\":1,\"mode\":\"deployment\"}"))
              .awaitEnd();
    }

    // Then
    assertFailed(end, "Exit Code: 1");
    run.assertReturned(3);
  }

  private static void assertFailed(JsonNode end, String why) {
    assertEquals("ProductionDeployFailed", end.path("reason").asText(), end.toString());
    var message = end.path("message").asText();
    assertTrue(message.contains("Failed due to unhealthy allocations"), message);
    assertTrue(message.contains(why), message);
  }
}
