package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    var run = new Run(stack, "by-hand").observed();

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
    var run = new Run(stack, "changed").observed();

    // When
    stack.nomad.run(run.hcl(1, "9"));

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    assertEquals("9", run.version("changed"));
    run.assertClean();
  }

  @Test
  void productionStoppedByAPerson() {
    // Given
    var run = new Run(stack, "switched-off").observed();

    // When
    stack.nomad.stop("switched-off");

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    assertTrue(stack.nomad.job("switched-off").path("Stop").asBoolean());
    run.assertClean();
  }

  @Test
  void productionRevertedByAPerson() {
    // Given
    var run = new Run(stack, "reverted").production(1);
    stack.nomad.run(run.hcl(1, "1b"));
    run.put(run.definition(Map.of())).awaitPhase("ObservingCounters");

    // When
    stack.nomad.revert("reverted", 0);

    // Then
    var end = run.awaitEnd();
    assertEquals("ProductionChanged", end.path("reason").asText(), end.toString());
    assertEquals("1", run.version("reverted"));
    run.assertClean();
  }

  @Test
  void canaryEditedByHand() {
    // Given
    var run = new Run(stack, "edited").observed();

    // When
    stack.nomad.edit("edited-canary", job -> job.replace("\"CPU\":20", "\"CPU\":21"));

    // Then
    var end = run.awaitEnd();
    assertEquals("CanaryStopped", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("edited in Nomad"), end.toString());
    assertEquals("1", run.version("edited"));
    run.assertClean();
  }

  @Test
  void canaryPurgedByHand() {
    // Given
    var run = new Run(stack, "purged").observed();

    // When
    stack.nomad.purge("purged-canary");

    // Then
    var end = run.awaitEnd();
    assertEquals("CanaryStopped", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("removed from Nomad"), end.toString());
    assertTrue(stack.nomad.job("purged-canary").path("Stop").asBoolean(), "a tombstone is left");
    run.assertClean();
  }

  @Test
  void onlyTheCountOfProductionChanged() {
    // Given
    var run = new Run(stack, "scaled").observed();

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
    var run = new Run(stack, "replaced").observed();
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
    var run = new Run(stack, "broken").observed();
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
    var run = new Run(stack, "deleted").observed();
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
    var run = new Run(stack, "identical").observed();
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
}
