package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** People and other programs change things in mid-run. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class WorldChangesTest {
  private final Stack stack;

  WorldChangesTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void goodReleaseIsPromoted() {
    // Given
    var run = new Run(stack, "good").production(2);

    // When
    try (var _ = Traffic.to(run)) {
      run.put(run.definition(Map.of()));

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals("2", run.version("good"));
    assertEquals(2, run.running("good"));
    assertEquals(1, run.submissions("good-canary"));
    run.assertClean();
  }

  @Test
  void canaryStoppedByHand() {
    // Given
    var run = observed("by-hand");

    // When
    stack.nomad.stop("by-hand-canary");

    // Then
    var end = run.awaitEnd();
    assertEquals("CanaryStopped", end.path("reason").asText(), end.toString());
    run.assertClean();
  }

  @Test
  void productionChangedByAPerson() {
    // Given
    var run = observed("changed");

    // When
    stack.nomad.run(run.hcl(1, "9"));

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    assertEquals("9", run.version("changed"));
    run.assertClean();
  }

  @Test
  void onlyTheCountOfProductionChanged() {
    // Given
    var run = observed("scaled");

    // When
    stack.nomad.scale("scaled", "web", 2);
    try (var _ = Traffic.to(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals("2", run.version("scaled"));
    assertEquals(2, run.running("scaled"));
  }

  @Test
  void definitionChanged() {
    // Given
    var run = observed("replaced");
    long first = run.generation();

    // When
    run.put(run.definition(Map.of("RELEASE", "newer")));
    try (var _ = Traffic.to(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals("Superseded", run.history(first).path("reason").asText());
    run.assertClean();
  }

  @Test
  void definitionBecameInvalid() {
    // Given
    var run = observed("broken");
    long first = run.generation();

    // When
    run.put("{");

    // Then
    var end = run.awaitEnd();
    assertEquals("InvalidDefinition", end.path("reason").asText(), end.toString());
    assertEquals("Superseded", run.history(first).path("reason").asText());
    run.assertClean();
  }

  @Test
  void definitionDeleted() {
    // Given
    var run = observed("deleted");
    long generation = run.generation();

    // When
    run.delete();

    // Then
    var end = run.awaitEnd(generation);
    assertEquals("DefinitionDeleted", end.path("reason").asText(), end.toString());
    assertEquals("1", run.version("deleted"));
    run.assertClean();
  }

  @Test
  void identicalBytesWrittenAgain() {
    // Given
    var run = observed("identical");
    long generation = run.generation();

    // When
    run.put(run.definition(Map.of()));
    try (var _ = Traffic.to(run)) {

      // Then
      var end = run.awaitEnd(generation);
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals(1, run.submissions("identical-canary"));
  }

  /** A run whose counters are being observed. */
  private Run observed(String name) {
    var run = new Run(stack, name).production(1);
    run.put(run.definition(Map.of())).awaitPhase("ObservingCounters");
    return run;
  }
}
