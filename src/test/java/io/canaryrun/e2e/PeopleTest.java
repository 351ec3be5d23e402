package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** People approve, promote, hold and end runs: by the program, and by the hand of consul kv put. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class PeopleTest {
  private static final AtomicInteger LOGS = new AtomicInteger();

  private final Stack stack;

  PeopleTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void goodReleaseWaitsForApproval() throws IOException {
    // Given
    var run = new Run(stack, "approved").production(1);
    var file = stack.directory.resolve("approved.json");
    Files.writeString(file, run.definition(Map.of(), "\"approval\":\"manual\""));

    // When
    try (var _ = Traffic.to(run)) {
      var apply = canary("apply", "-f", file.toString(), "--until", "decision");
      assertEquals(5, apply.exitCode(), apply.output());
      assertTrue(apply.output().contains("canary promote approved"), apply.output());
      assertEquals("AwaitingApproval", run.status().path("phase").asText());
      assertEquals("1", run.version("approved"));
      var promote = canary("promote", "approved", "--by", "ada", "--reason", "CHG-4711");

      // Then
      assertEquals(0, promote.exitCode(), promote.output());
      assertTrue(promote.output().contains("promoted by ada: CHG-4711"), promote.output());
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    assertEquals("2", run.version("approved"));
    run.assertClean();
    var late = canary("promote", "approved");
    assertEquals(2, late.exitCode(), late.output());
    assertTrue(late.output().contains("has ended"), late.output());
  }

  @Test
  void nobodyApproves() {
    // Given
    var run = new Run(stack, "unapproved").production(1);

    // When
    run.put(run.definition(Map.of(), "\"approval\":\"manual\"", "\"approvalDeadline\":\"2s\""));
    try (var _ = Traffic.to(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("ApprovalDeadlineExceeded", end.path("reason").asText(), end.toString());
    }
    assertEquals("1", run.version("unapproved"));
    run.assertClean();
  }

  @Test
  void errorWhileAwaitingApprovalAborts() {
    // Given
    var run = new Run(stack, "late-error").production(1);

    // When
    run.put(
        run.definition(
            Map.of("ERROR_EVERY", "400"),
            "\"approval\":\"manual\"",
            "\"analysis\":{\"requests\":1}"));
    try (var _ = Traffic.to(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("ErrorsExceeded", end.path("reason").asText(), end.toString());
      assertTrue(end.path("transitions").toString().contains("AwaitingApproval"), end.toString());
    }
    assertEquals("1", run.version("late-error"));
    run.assertClean();
  }

  @Test
  void promotedBeforeTheVerdict() {
    // Given
    var run = new Run(stack, "early").observed();

    // When
    ask(run, "promote", run.generation());

    // Then
    var end = run.awaitEnd();
    assertEquals("PromotedByPerson", end.path("reason").asText(), end.toString());
    assertEquals(0, end.path("totals").path("requests").asLong());
    assertEquals("2", run.version("early"));
    run.assertClean();
  }

  @Test
  void abortedByCommand() throws IOException {
    // Given
    var run = new Run(stack, "abort-it").observed();

    // When
    var abort = canary("abort", "abort-it", "--by", "ada", "--reason", "wrong day");

    // Then
    assertEquals(0, abort.exitCode(), abort.output());
    var end = run.awaitEnd();
    assertEquals("AbortedByPerson", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("by ada: wrong day"), end.toString());
    assertEquals(6, canary("wait", "abort-it").exitCode());
    assertEquals("1", run.version("abort-it"));
    run.assertClean();
  }

  @Test
  void pausedRunWaitsAndGoesOn() {
    // Given
    var run = new Run(stack, "held").observed();
    var pause = canary("pause", "held", "--by", "ada");
    assertEquals(0, pause.exitCode(), pause.output());

    // When
    try (var _ = Traffic.to(run)) {
      var good = run.awaitRequests(500);
      assertEquals("ObservingCounters", good.path("phase").asText());
      assertTrue(good.path("paused").asBoolean());
      assertEquals(5, canary("wait", "held", "--until", "decision").exitCode());
      var again = canary("pause", "held");
      assertEquals(1, again.exitCode(), again.output());
      assertTrue(again.output().contains("paused already"), again.output());
      assertEquals(0, canary("resume", "held").exitCode());

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    }
    run.assertClean();
  }

  @Test
  void errorWhilePausedAborts() {
    // Given
    var run = new Run(stack, "held-bad").production(1);
    run.put(run.definition(Map.of("ERROR_RATE", "0.05"))).awaitPhase("ObservingCounters");
    assertEquals(0, canary("pause", "held-bad").exitCode());

    // When
    try (var _ = Traffic.to(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("ErrorsExceeded", end.path("reason").asText(), end.toString());
    }
    run.assertClean();
  }

  @Test
  void commandsThatMakeNoSenseAreRefusedInTheStatus() {
    // Given
    var run = new Run(stack, "odd").observed();
    long generation = run.generation();

    // When
    ask(run, "abort", generation - 1);
    stack.consul.put("canary/commands/odd/pause", "now!");
    stack.consul.put("canary/commands/odd/explode", "{}");

    // Then
    var refusals =
        await("three refusals")
            .atMost(Duration.ofSeconds(30))
            .until(() -> messages(run.status()), it -> it.split("refused: ", -1).length == 4);
    assertTrue(refusals.contains("it is for generation " + (generation - 1)), refusals);
    assertTrue(refusals.contains("refused: explode: there is only abort"), refusals);
    ask(run, "abort", generation);
    run.awaitEnd();
    ask(run, "pause", generation);
    var commands = stack.consul.address() + "/v1/kv/canary/commands/odd/";
    await("a command for an ended run is removed")
        .atMost(Duration.ofSeconds(30))
        .until(() -> Http.get(commands + "?keys").isEmpty());
  }

  private static String messages(JsonNode status) {
    var messages = new StringBuilder();
    status.path("transitions").forEach(it -> messages.append(it.path("message").asText()));
    return messages.toString();
  }

  private void ask(Run run, String action, long generation) {
    stack.consul.put(
        "canary/commands/" + run.name + "/" + action, "{\"generation\":%d}".formatted(generation));
  }

  private CanaryProcess canary(String... arguments) {
    var log = stack.directory.resolve("people-" + LOGS.incrementAndGet() + ".log");
    return CanaryProcess.start(log, stack.environment(), arguments);
  }
}
