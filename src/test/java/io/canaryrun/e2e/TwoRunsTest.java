package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two runs are about one production job: never are both promoted. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class TwoRunsTest {
  private final Stack stack;

  TwoRunsTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void theSecondIsRefusedAndTheFirstGoesOn() {
    // Given
    var first = new Run(stack, "earlier").observed();
    var second = new Run(stack, "later");

    // When
    second.put(about("earlier", second));

    // Then
    var refused = second.awaitEnd();
    assertEquals("JobRejected", refused.path("reason").asText(), refused.toString());
    assertTrue(
        refused.path("message").asText().contains("job earlier is that of the active run earlier"),
        refused.toString());
    assertEquals(0, second.submissions("earlier-later"));
    try (var _ = Traffic.to(first)) {
      assertEquals("GoalReached", first.awaitEnd().path("reason").asText());
    }
    assertEquals("2", first.version("earlier"));
    first.assertClean();
    second.assertClean();
  }

  /** Each is taken up by a daemon of its own, so that both may find production unclaimed. */
  @Test
  void ofTwoThatBeginTogetherOneIsPromoted() {
    // Given
    var production = new Run(stack, "shared").production(1);
    var runs = List.of(new Run(stack, "twin-a", "twins/"), new Run(stack, "twin-b", "twins/"));
    try (var _ = daemon("a");
        var _ = daemon("b");
        var _ = traffic("shared-twin-a");
        var _ = traffic("shared-twin-b")) {

      // When
      runs.forEach(run -> run.put(about("shared", run)));

      // Then
      var ends = runs.stream().map(Run::awaitEnd).map(TwoRunsTest::reason).sorted().toList();
      assertEquals("GoalReached", ends.getFirst(), ends.toString());
      assertTrue(ends.getLast().matches("JobRejected|ProductionChanged"), ends.toString());
    }
    assertEquals(2, production.submissions("shared"));
    assertEquals("2", production.version("shared"));
    for (var run : runs) {
      assertEquals(0, run.running("shared-" + run.name));
      assertEquals(List.of(), run.instances("shared-" + run.name));
      run.assertUnlocked();
    }
  }

  private CanaryProcess daemon(String name) {
    return CanaryProcess.agent(
        stack.directory.resolve("twins-" + name + ".log"), stack.environment("twins/"));
  }

  private Traffic traffic(String service) {
    return Traffic.toProduction(new Run(stack, service));
  }

  private static String reason(JsonNode end) {
    return end.path("reason").asText();
  }

  private static String about(String production, Run run) {
    return run.definition(
        "\"job\":{\"nomadJob\":\"%s\",\"set\":{\"env\":{\"VERSION\":\"2\"}}}".formatted(production),
        "\"canary\":{\"count\":1,\"suffix\":\"-%s\"}".formatted(run.name));
  }
}
