package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What people do to the keys that are the operator's: each has one end, see docs/keys.md. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class KeysByHandTest {
  private final Stack stack;

  KeysByHandTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void statusOfAnActiveRunRemoved() {
    // Given
    var run = observed("status-removed");

    // When
    stack.consul.delete("canary/status/status-removed");

    // Then
    assertAbortedByPerson(run);
  }

  @Test
  void statusOfAnActiveRunWrittenOver() {
    // Given
    var run = observed("status-garbage");

    // When
    stack.consul.put("canary/status/status-garbage", "garbage");

    // Then
    assertAbortedByPerson(run);
  }

  @Test
  void statusOfAnEndedRunComesBackFromTheHistory() {
    // Given
    var run = observed("status-restored");
    stack.consul.put(
        "canary/commands/status-restored/abort",
        "{\"generation\":%d,\"by\":\"ada\"}".formatted(run.generation()));
    var end = run.awaitEnd();

    // When
    stack.consul.delete("canary/status/status-restored");

    // Then
    assertEquals(end, run.awaitEnd());
    assertEquals(1, run.submissions("status-restored-canary"));
    run.assertClean();
  }

  @Test
  void historyIsForPeopleOnly() {
    // Given
    var run = observed("history-garbage");
    stack.consul.put("canary/history/history-garbage/1", "garbage");
    stack.consul.put("canary/history/history-garbage/first", "{}");
    long generation = run.generation();

    // When
    run.delete();

    // Then
    var end = run.awaitEnd(generation);
    assertEquals("DefinitionDeleted", end.path("reason").asText(), end.toString());
    run.assertClean();
  }

  @Test
  void generationRemovedAfterItsOwnerDied() {
    assertEndsWithoutItsGeneration("generation-removed", false);
  }

  @Test
  void generationWrittenOverAfterItsOwnerDied() {
    assertEndsWithoutItsGeneration("generation-garbage", true);
  }

  private void assertEndsWithoutItsGeneration(String name, boolean writtenOver) {
    // Given
    var prefix = name + "/";
    var run = new Run(stack, name, prefix).production(1);
    var environment = stack.environment(prefix);
    var log = stack.directory.resolve(name + ".log");
    var first = CanaryProcess.agent(log, environment);
    run.put(run.definition(Map.of())).awaitPhase("ObservingCounters");
    first.kill();
    var key = prefix + "generations/" + name + "/" + run.generation();

    // When
    if (writtenOver) {
      stack.consul.put(key, "garbage");
    } else {
      stack.consul.delete(key);
    }
    try (var _ = CanaryProcess.agent(log, environment)) {

      // Then
      assertAbortedByPerson(run);
    }
  }

  private static void assertAbortedByPerson(Run run) {
    var end = run.awaitEnd();
    assertEquals("AbortedByPerson", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("by hand"), end.toString());
    assertEquals("1", run.version(run.name));
    run.assertClean();
  }

  private Run observed(String name) {
    var run = new Run(stack, name).production(1);
    run.put(run.definition(Map.of())).awaitPhase("ObservingCounters");
    return run;
  }
}
