package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Where the new version's job comes from; what is registered in Nomad is one more, tested often.
 */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class JobSourcesTest {
  private final Stack stack;

  JobSourcesTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void hclWithVariables() {
    // Given
    var run = new Run(stack, "from-hcl").production(1);

    // Then
    promoted(run, Run.source(run.hcl(1, "1"), Map.of("version", "2")));
  }

  @Test
  void json() {
    // Given
    var run = new Run(stack, "from-json").production(1);

    // Then
    promoted(run, "\"json\":" + stack.nomad.parse(run.hcl(1, "2")));
  }

  @Test
  void consulKey() {
    // Given
    var run = new Run(stack, "from-key").production(1);
    stack.consul.put("canary/jobs/from-key", stack.nomad.parse(run.hcl(1, "2")).toString());

    // Then
    promoted(run, "\"consulKey\":\"canary/jobs/from-key\"");
  }

  @Test
  void consulKeyWithHclInIt() {
    // Given
    var run = new Run(stack, "from-key-hcl").production(1);
    stack.consul.put("canary/jobs/from-key-hcl", run.hcl(1, "2"));

    // Then
    promoted(run, "\"consulKey\":\"canary/jobs/from-key-hcl\"");
  }

  private static void promoted(Run run, String source) {
    try (var _ = Traffic.to(run)) {
      // When
      var end = run.put(run.definition("\"job\":{%s}".formatted(source))).awaitEnd();

      // Then
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals("2", run.version(run.name));
    run.assertClean();
  }
}
