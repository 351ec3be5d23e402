package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The program as pipelines call it: exit codes and what it prints. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class PipelineTest {
  private final Stack stack;

  PipelineTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void applyWaitsForAGoodRelease() throws IOException {
    // Given
    var run = new Run(stack, "applied").production(1);
    var file = file(run, run.definition(Map.of()));

    try (var _ = Traffic.to(run)) {
      // When
      var apply = canary(run, "apply", "-f", file, "--set", "env.VERSION=3", "--wait");

      // Then
      assertEquals(0, apply.exitCode(), apply.output());
      assertTrue(apply.output().contains("Succeeded (GoalReached)"), apply.output());
    }
    assertEquals("3", run.version("applied"));
    var again = canary(run, "apply", "-f", file, "--set", "env.VERSION=3", "--wait");
    assertEquals(2, again.exitCode(), again.output());
    assertTrue(again.output().contains("--rerun"), again.output());
    assertEquals(0, canary(run, "wait", "applied").exitCode());
    var described = canary(run, "describe", "applied");
    assertEquals(0, described.exitCode());
    assertTrue(described.output().contains("Promoted: "), described.output());
    var history = canary(run, "history", "applied");
    assertEquals(0, history.exitCode());
    assertTrue(history.output().contains("Succeeded (GoalReached)"), history.output());
    var generation = run.status().path("generation").asText();
    var past = canary(run, "describe", "applied", "--generation", generation);
    assertEquals(0, past.exitCode());
    assertTrue(past.output().contains("ObservingCounters"), past.output());
    assertEquals(2, canary(run, "describe", "applied", "--generation", "1").exitCode());
    var listed = canary(run, "get");
    assertEquals(0, listed.exitCode());
    assertTrue(listed.output().contains("applied"), listed.output());
  }

  @Test
  void applyTellsABadRelease() throws IOException {
    // Given
    var run = new Run(stack, "applied-bad").production(1);
    var file = file(run, run.definition(Map.of("ERROR_RATE", "0.05")));

    try (var _ = Traffic.to(run)) {
      // When
      var apply = canary(run, "apply", "-f", file, "--wait");

      // Then
      assertEquals(3, apply.exitCode(), apply.output());
      assertTrue(apply.output().contains("Aborted (ErrorsExceeded)"), apply.output());
    }
  }

  @Test
  void sameRerunAttaches() throws IOException {
    // Given
    var run = new Run(stack, "rerun").production(1);
    var file = file(run, run.definition(Map.of(), "\"promote\":\"none\""));

    try (var _ = Traffic.to(run)) {
      // When
      var first = ended(canary(run, "apply", "-f", file, "--rerun=build-7", "--wait"));
      var same = ended(canary(run, "apply", "-f", file, "--rerun=build-7", "--wait"));
      var other = ended(canary(run, "apply", "-f", file, "--rerun=build-8", "--wait"));

      // Then
      assertTrue(first.contains("applied"), first);
      assertTrue(same.contains("has ended"), same);
      assertTrue(other.contains("applied"), other);
    }
    assertEquals("1", run.version("rerun"));
  }

  @Test
  void timeoutLeavesTheRunAlone() throws IOException {
    // Given
    var run = new Run(stack, "timeout").production(1);
    var file = file(run, run.definition(Map.of()));

    // When
    var apply = canary(run, "apply", "-f", file, "--wait", "--timeout", "3s");

    // Then
    assertEquals(4, apply.exitCode(), apply.output());
    assertTrue(run.status().path("outcome").isNull(), run.status().toString());
    assertEquals(0, canary(run, "delete", "timeout").exitCode());
    assertEquals(
        "DefinitionDeleted",
        run.awaitEnd(run.status().path("generation").asLong()).path("reason").asText());
  }

  @Test
  void invalidDefinitionIsNotApplied() throws IOException {
    // Given
    var run = new Run(stack, "not-applied");
    var file = file(run, run.definition("\"job\":{\"nomadJob\":\"x\",\"sett\":{}}"));

    // When
    var apply = canary(run, "apply", "-f", file);

    // Then
    assertEquals(2, apply.exitCode());
    assertTrue(apply.output().contains("/spec/job/sett"), apply.output());
    assertEquals(0, run.generation());
  }

  @Test
  void runNeedsNoAgent() throws IOException {
    // Given
    var run = new Run(stack, "alone", "alone/").production(1);
    var file = file(run, run.definition(Map.of()));

    try (var _ = Traffic.to(run)) {
      // Then
      var good = canary(run, "run", "-f", file);
      assertEquals(0, good.exitCode(), good.output());
      assertEquals("2", run.version("alone"));
      var bad = canary(run, "run", "-f", file, "--set", "env.ERROR_RATE=0.05");
      assertEquals(3, bad.exitCode(), bad.output());
      stack.assertNoSession(good);
      stack.assertNoSession(bad);
    }
    assertEquals("2", run.version("alone"));
    run.assertClean();
  }

  @Test
  void interruptedRunCleansUp() throws IOException {
    // Given
    var run = new Run(stack, "interrupted", "interrupted/").production(1);
    var file = file(run, run.definition(Map.of()));
    var process = canary(run, "run", "-f", file);
    run.awaitPhase("ObservingCounters");

    // When
    process.interrupt();

    // Then
    assertEquals(130, process.exitCode(), process.output());
    assertTrue(process.output().contains("Aborted (AbortedByPerson)"), process.output());
    assertEquals("AbortedByPerson", run.status().path("reason").asText(), process.output());
    assertEquals("1", run.version("interrupted"));
    run.assertClean();
    stack.assertNoSession(process);
  }

  @Test
  void interruptedWaitLeavesTheRunAlone() throws IOException {
    // Given
    var run = new Run(stack, "detached").production(1);
    var process = canary(run, "apply", "-f", file(run, run.definition(Map.of())), "--wait");
    run.awaitPhase("ObservingCounters");

    // When
    process.interrupt();

    // Then
    assertEquals(130, process.exitCode(), process.output());
    assertTrue(process.output().contains("detached"), process.output());
    assertTrue(run.status().path("outcome").isNull(), run.status().toString());
    run.delete();
    run.awaitEnd(run.status().path("generation").asLong());
  }

  /**
   * @return what it printed
   */
  private static String ended(CanaryProcess process) {
    assertEquals(0, process.exitCode(), process.output());
    return process.output();
  }

  private String file(Run run, String definition) throws IOException {
    var file = stack.directory.resolve(run.name + ".json");
    Files.writeString(file, definition);
    return file.toString();
  }

  private CanaryProcess canary(Run run, String... arguments) {
    var environment =
        run.name.matches("alone|interrupted")
            ? stack.environment(run.name + "/")
            : stack.environment();
    return CanaryProcess.start(output(run, arguments), environment, arguments);
  }

  private Path output(Run run, String... arguments) {
    var words = new ArrayList<>(List.of(run.name));
    words.add(arguments[0]);
    words.add("" + System.nanoTime());
    return stack.directory.resolve(String.join("-", words) + ".txt");
  }
}
