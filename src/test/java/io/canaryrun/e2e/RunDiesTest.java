package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code canary run} ends before its run; each in an installation of its own. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class RunDiesTest {
  /** Twice the TTL of a session, its lock delay, and the same again for a busy machine. */
  private static final Duration TAKEOVER = Duration.ofSeconds(42);

  private final Stack stack;

  RunDiesTest(Stack stack) {
    this.stack = stack;
  }

  /** Whoever stops a pipeline's stage sends this. */
  @Test
  void terminatedRunCleansUp() {
    // Given
    var run = run("run-terminated");
    var process = canary(run, "run", "-f", file(run));
    run.awaitPhase("ObservingCounters");

    // When
    process.terminate();

    // Then
    assertEquals(143, process.exitCode(), process.output());
    assertTrue(process.output().contains("Aborted (AbortedByPerson)"), process.output());
    assertEquals("1", run.version(run.name));
    run.assertClean();
    stack.assertNoSession(process);
  }

  @Test
  void agentTakesItOver() {
    // Given
    var run = run("run-inherited");
    try (var agent = CanaryProcess.agent(output(run), environment(run))) {
      assertTrue(agent.isAlive());

      // When
      killed(run);

      // Then
      try (var _ = Traffic.to(run)) {
        assertEquals("GoalReached", run.awaitEnd().path("reason").asText());
      }
    }
    assertEquals(1, run.submissions(run.canary()));
    assertEquals("2", run.version(run.name));
    run.assertClean();
  }

  @Test
  void nextRunEndsItFirst() {
    // Given
    var run = run("run-replaced");
    killed(run);
    long first = run.generation();

    // When
    var next = canary(run, "run", "-f", file(run));
    try (var _ = Traffic.to(run)) {

      // Then
      assertEquals(0, next.exitCode(), next.output());
    }
    assertTrue(next.output().contains("run run-replaced is held by "), next.output());
    assertTrue(
        next.output().contains("run run-replaced was left ObservingCounters by "), next.output());
    assertEquals("AbortedByPerson", run.history(first).path("reason").asText());
    assertEquals(2, run.submissions(run.canary()));
    assertEquals("2", run.version(run.name));
    run.assertClean();
    stack.assertNoSession(next);
  }

  @Test
  void nextRunThatIsInterruptedWhileItWaitsBeginsNothing() {
    // Given
    var run = run("run-waiting");
    killed(run);
    long first = run.generation();
    var next = canary(run, "run", "-f", file(run));
    await("it waits").until(() -> next.output().contains("run run-waiting is held by "));

    // When
    next.interrupt();

    // Then
    assertEquals(130, next.exitCode(), next.output());
    assertEquals(first, run.generation());
    stack.assertNoSession(next);
  }

  @Test
  void doctorEndsIt() {
    // Given
    var run = run("run-fixed");
    killed(run);
    await("the lock of the dead process is free").atMost(TAKEOVER).until(run::isUnlocked);

    // When
    var found = DoctorTest.doctor(stack, environment(run));
    var fixed = DoctorTest.doctor(stack, environment(run), "--fix", "--yes");

    // Then
    assertEquals(1, found.exitCode(), found.output());
    assertTrue(
        found.output().contains("nobody carries on run run-fixed, which is ObservingCounters"),
        found.output());
    assertEquals(0, fixed.exitCode(), fixed.output());
    assertTrue(fixed.output().contains("done: abort run run-fixed and clean up"), fixed.output());
    assertEquals("AbortedByPerson", run.status().path("reason").asText());
    assertEquals("1", run.version(run.name));
    run.assertClean();
    stack.assertNoSession(fixed);
    var again = DoctorTest.doctor(stack, environment(run));
    assertEquals(0, again.exitCode(), again.output());
  }

  /** Its holder lives: whoever comes second is refused, and disturbs nobody. */
  @Test
  void runThatIsHeldIsLeftAlone() {
    // Given
    var run = run("run-held");
    var first = canary(run, "run", "-f", file(run));
    run.awaitPhase("ObservingCounters");
    long generation = run.generation();
    try (var _ = Traffic.calm(run, run.canary())) {

      // When
      var second = canary(run, "run", "-f", file(run));

      // Then
      assertEquals(1, second.exitCode(), second.output());
      assertTrue(second.output().contains("run run-held is held by "), second.output());
      assertTrue(second.output().contains("canary wait run-held"), second.output());
      assertFalse(second.output().contains("was left"), second.output());
      assertEquals(0, first.exitCode(), first.output());
    }
    assertEquals(generation, run.generation());
    assertEquals(1, run.submissions(run.canary()));
  }

  private Run run(String name) {
    return new Run(stack, name, name + "/").production(1);
  }

  private void killed(Run run) {
    var process = canary(run, "run", "-f", file(run));
    run.awaitPhase("ObservingCounters");
    process.kill();
  }

  private static String file(Run run) {
    return run.file(run.definition(Map.of()));
  }

  private CanaryProcess canary(Run run, String... arguments) {
    return CanaryProcess.start(output(run), environment(run), arguments);
  }

  private Path output(Run run) {
    return stack.directory.resolve("%s-%d.txt".formatted(run.name, System.nanoTime()));
  }

  private Map<String, String> environment(Run run) {
    return stack.environment(run.name + "/");
  }
}
