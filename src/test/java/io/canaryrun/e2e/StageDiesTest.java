package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A pipeline's stage is killed while it waits, and started again: it finds its run. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class StageDiesTest {
  private final Stack stack;

  StageDiesTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void nextTryAttachesToTheActiveRun() {
    // Given
    var run = new Run(stack, "stage-attaches").production(1);
    var file = run.file(run.definition(Map.of()));
    killed(run, stage(run, file));
    long generation = run.generation();

    // When
    var again = stage(run, file);

    // Then
    await("it attaches")
        .until(() -> again.output().contains("generation " + generation + " unchanged"));
    try (var _ = Traffic.to(run)) {
      assertEquals(0, again.exitCode(), again.output());
    }
    assertEquals(generation, run.generation());
    assertEquals(1, run.submissions(run.canary()));
    assertEquals("2", run.version(run.name));
  }

  @Test
  void nextTryTellsHowTheRunEndedMeanwhile() {
    // Given
    var run = new Run(stack, "stage-ended").production(1);
    var file = run.file(run.definition(Map.of("ERROR_RATE", "0.05")));
    killed(run, stage(run, file));
    try (var _ = Traffic.to(run)) {
      run.awaitEnd();
    }

    // When
    var again = stage(run, file);
    var wait = canary(run, "wait", run.name);

    // Then
    assertEquals(2, again.exitCode(), again.output());
    assertTrue(again.output().contains("canary wait stage-ended"), again.output());
    assertTrue(again.output().contains("--rerun"), again.output());
    assertEquals(3, wait.exitCode(), wait.output());
    assertTrue(wait.output().contains("Aborted (ErrorsExceeded)"), wait.output());
  }

  /** The usual restart of an old build, while a newer one is under way. */
  @Test
  void nextTryUnderTheSameIdTellsItsOwnOutcomeAndDoesNotOvertake() {
    // Given
    var run = new Run(stack, "stage-build").production(1);
    var bad = run.file(run.definition(Map.of("ERROR_RATE", "0.05")));
    killed(run, stage(run, bad, "--rerun=build-7"));
    long seventh = run.generation();
    try (var _ = Traffic.to(run)) {
      run.awaitEnd();
    }

    // When
    var again = stage(run, bad, "--rerun=build-7");

    // Then
    assertToldOf(seventh, again);

    // When
    var eighth = canary(run, "apply", "-f", bad, "--rerun=build-8");
    assertEquals(0, eighth.exitCode(), eighth.output());
    long generation = run.generation();
    run.awaitPhase("ObservingCounters");
    var late = stage(run, bad, "--rerun=build-7");

    // Then
    assertToldOf(seventh, late);
    assertEquals(generation, run.generation());
    assertEquals("ObservingCounters", run.status().path("phase").asText());
    run.delete();
    run.awaitEnd(generation);
  }

  private static void assertToldOf(long generation, CanaryProcess stage) {
    assertEquals(3, stage.exitCode(), stage.output());
    assertTrue(
        stage.output().contains("generation " + generation + " has ended, Aborted"),
        stage.output());
    assertTrue(stage.output().contains("Aborted (ErrorsExceeded)"), stage.output());
  }

  private static void killed(Run run, CanaryProcess stage) {
    run.awaitPhase("ObservingCounters");
    stage.kill();
  }

  private CanaryProcess stage(Run run, String file, String... more) {
    var arguments = new ArrayList<>(List.of("apply", "-f", file, "--wait"));
    arguments.addAll(List.of(more));
    return canary(run, arguments.toArray(String[]::new));
  }

  private CanaryProcess canary(Run run, String... arguments) {
    var output = stack.directory.resolve("%s-%d.txt".formatted(run.name, System.nanoTime()));
    return CanaryProcess.start(output, stack.environment(), arguments);
  }
}
