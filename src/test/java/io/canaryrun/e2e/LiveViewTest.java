package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How people and programs see a run go, on a real terminal and beside it. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class LiveViewTest {
  private static final String LISTED_AS_BAD = "(?s).*watched-in-list +\\d+ +Aborted +ErrorsExc.*";
  private static final Pattern NEXT = Pattern.compile("Next: (.*\\S)");

  /** A terminal to write on is enough. */
  private static final List<String> WITHOUT_INPUT =
      List.of("sh", "-c", "exec \"$@\" < /dev/null", "sh");

  private static final String DECIDE = "Decide    canary promote watched";

  private final Stack stack;

  LiveViewTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void isRedrawnInPlaceAlsoAfterTheWindowIsResized() {
    // Given
    var run = new Run(stack, "watched").production(1);
    var file = run.file(run.definition(Map.of(), "\"approval\":\"manual\""));

    try (var _ = Traffic.to(run);
        var window = window(Map.of(), "apply", "-f", file, "--wait")) {
      var first = window.await("people are asked", screen -> screen.contains(DECIDE));
      assertShownOnce(first);
      assertTrue(first.contains("REQUESTS"), first);
      assertTrue(window.coloredScreen().contains("\u001b[3"), "no colours");

      // When
      window.resize(56, 16);

      // Then
      var narrow =
          window.await(
              "it fits the narrow window",
              screen -> screen.contains(" RST ") && !screen.contains("REQUESTS"));
      assertShownOnce(narrow);
      assertTrue(narrow.startsWith("Run "), narrow);
      window.resize(130, 40);
      var wide = window.await("it fits the wide window", screen -> screen.contains(" at 127."));
      assertShownOnce(wide);
      assertFalse(window.hasEnded());
      assertEquals(0, canary("promote", "watched").exitCode());
      var last = window.await("it has ended", screen -> screen.contains("Succeeded ("));
      assertShownOnce(last);
      window.awaitExitCode(0);
    }
  }

  @Test
  void ctrlCLeavesTheRunAndTheLastPictureOfIt() {
    // Given
    var run = new Run(stack, "watched-for-a-while").production(1);
    run.put(run.definition(Map.of()));

    try (var window = window(Map.of(), "wait", run.name)) {
      window.await("it is shown", screen -> screen.contains("ObservingCounters"));

      // When
      window.type("C-c");

      // Then
      var last = window.await("it says so", screen -> screen.contains("detached"));
      assertTrue(last.contains("the run goes on: canary wait " + run.name), last);
      assertShownOnce(last);
      window.awaitExitCode(130);
      assertTrue(run.status().path("outcome").isNull(), run.status().toString());
    }
    run.delete();
    run.awaitEnd(run.status().path("generation").asLong());
  }

  @Test
  void badReleaseEndsWithItsReasonAndWhatToTypeNext() {
    // Given
    var run = new Run(stack, "watched-bad").production(1);
    run.put(run.definition(Map.of("ERROR_RATE", "0.05")));

    try (var _ = Traffic.to(run);
        var window = window(Map.of("NO_COLOR", "1"), WITHOUT_INPUT, "get", "-w", run.name)) {
      // When
      var last = window.await("it has ended", screen -> screen.contains("Next: "));

      // Then
      assertTrue(last.contains("✖ Aborted (ErrorsExceeded)"), last);
      assertTrue(last.contains("Aborted because "), last);
      assertTrue(last.contains("Task started by client"), last);
      window.awaitExitCode(3);
      var next = NEXT.matcher(last);
      assertTrue(next.find(), last);
      assertEquals(List.of("nomad", "alloc", "logs"), words(next).subList(0, 3));
      var logs =
          CanaryProcess.start(
              stack.directory.resolve("next.txt"), stack.environment(), words(next));
      assertEquals(0, logs.exitCode(), logs.output());
      assertFalse(window.coloredScreen().contains("\u001b[3"), window.coloredScreen());
    }
  }

  @Test
  void programsReadOneObjectPerEvent() throws JsonProcessingException {
    // Given
    var run = new Run(stack, "watched-by-program").production(1);
    var file = run.file(run.definition(Map.of(), "\"promote\":\"none\""));

    try (var _ = Traffic.to(run)) {
      // When
      var apply = canary("apply", "-f", file, "--wait", "--json");

      // Then
      assertEquals(0, apply.exitCode(), apply.output());
      var events = events(apply.output());
      assertEquals("note", events.getFirst().path("event").asText());
      var last = events.getLast();
      assertEquals("end", last.path("event").asText(), apply.output());
      assertEquals("GoalReached", last.path("reason").asText());
      assertEquals(0, last.path("exitCode").asInt(-1));
    }
    var again = canary("get", "-w", "-o", "json", run.name);
    assertEquals(0, again.exitCode(), again.output());
    assertEquals(1, events(again.output()).size(), again.output());
    var wide = canary("get", "-o", "wide");
    assertEquals(0, wide.exitCode());
    assertTrue(wide.output().contains("CONFIDENCE"), wide.output());
  }

  @Test
  void listOfAllRunsGoesOnUntilItIsInterrupted() {
    // Given
    var run = new Run(stack, "watched-in-list").production(1);
    var log = canary("get", "-w");
    await("the log begins").atMost(Duration.ofSeconds(30)).until(() -> !log.output().isBlank());

    try (var _ = Traffic.to(run);
        var window = window(Map.of(), "get", "-w", "-o", "wide")) {
      window.await("the list is shown", screen -> !screen.isBlank());

      // When
      run.put(run.definition(Map.of("ERROR_RATE", "0.05")));

      // Then
      window.await("the list shows its end", screen -> screen.matches(LISTED_AS_BAD));
      assertFalse(window.hasEnded());
    }
    await("the log tells of its end")
        .atMost(Duration.ofSeconds(30))
        .until(log::output, text -> text.contains("watched-in-list Aborted (ErrorsExceeded)"));
    log.interrupt();
    assertEquals(130, log.exitCode(), log.output());
  }

  private static void assertShownOnce(String screen) {
    assertEquals(1, screen.lines().filter(line -> line.startsWith("Run ")).count(), screen);
    assertEquals(1, screen.lines().filter(line -> line.startsWith("Phase ")).count(), screen);
    assertEquals(2, screen.lines().filter(line -> line.matches(" +[├└]─ .*")).count(), screen);
  }

  private static List<JsonNode> events(String output) throws JsonProcessingException {
    var events = new ArrayList<JsonNode>();
    for (var line : output.lines().toList()) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  private static List<String> words(Matcher next) {
    return List.of(next.group(1).split(" "));
  }

  private TmuxWindow window(Map<String, String> more, String... arguments) {
    return window(more, List.of(), arguments);
  }

  /**
   * @param starter of the program, if it needs one
   */
  private TmuxWindow window(Map<String, String> more, List<String> starter, String... arguments) {
    var environment = new HashMap<>(stack.environment());
    environment.putAll(more);
    var socket = stack.directory.resolve("tmux-" + System.nanoTime());
    var command = new ArrayList<>(starter);
    command.addAll(CanaryProcess.command(arguments));
    return TmuxWindow.open(socket, 100, 50, environment, command);
  }

  private CanaryProcess canary(String... arguments) {
    var output = stack.directory.resolve("live-" + System.nanoTime() + ".txt");
    return CanaryProcess.start(output, stack.environment(), arguments);
  }
}
