package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Canaries that must not be promoted, each for a reason of its own. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class BadCanaryTest {
  /** So that a busy machine is no reason of its own. */
  private static final String PATIENT =
      "\"counters\":{\"interval\":\"500ms\",\"timeout\":\"10s\",\"unreachableFor\":\"4s\"}";

  private final Stack stack;

  BadCanaryTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void answersWithErrors() {
    var end = aborted("errors", "ErrorsExceeded", Map.of("ERROR_RATE", "0.05"));

    assertTrue(end.at("/totals/errors").asLong() > 0);
  }

  @Test
  void neverBecomesHealthy() {
    var end =
        aborted(
            "unhealthy",
            "CanaryUnhealthy",
            Map.of("UNHEALTHY", "always"),
            "\"health\":{\"deadline\":\"6s\"}");

    assertTrue(end.path("message").asText().contains("check fails"), end.toString());
  }

  @Test
  void crashesInMidRun() {
    var end = aborted("crashes", "CanaryRestarted", Map.of("CRASH_AFTER", "100"));

    var events = end.path("canaries").findValues("events").toString();
    assertTrue(events.contains("Exit Code: 1"), end.toString());
    assertTrue(end.path("message").asText().contains("Exit Code: 1"), end.toString());
  }

  @Test
  void cannotBePlaced() {
    // Given
    var run = new Run(stack, "unplaceable");
    var job =
        """
        "job":{"json":{"ID":"unplaceable","Name":"unplaceable","Type":"service",
          "Constraints":[{"LTarget":"${attr.kernel.name}","Operand":"=","RTarget":"plan9"}],
          "TaskGroups":[{"Name":"web","Networks":[{"DynamicPorts":[{"Label":"http"}]}],
            "Tasks":[{"Name":"web","Driver":"raw_exec","Config":{"command":"/bin/true"}}]}]}}
        """;

    // When
    var end = run.put(run.definition(job, "\"health\":{\"deadline\":\"4s\"}")).awaitEnd();

    // Then
    assertEquals("PlacementFailed", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("kernel.name"), end.toString());
    run.assertClean();
  }

  @ParameterizedTest
  @CsvSource({
    "404, answered 404",
    "500, answered 500",
    "redirect, redirects are not followed",
    "html, not JSON",
    "huge, longer than 64 KiB",
    "negative, below 0",
    "fractional, whole",
    "missing, /errorCount",
    "text, number"
  })
  void countersCannotBeRead(String how, String problem) {
    var end = aborted("counters-" + how, "CountersUnreachable", Map.of("COUNTERS", how), PATIENT);

    var message = end.path("message").asText();
    assertTrue(message.contains(problem), message);
  }

  /** The other one is read on time, so its requests are counted all the while. */
  @Test
  void oneOfTwoHangs() {
    var end =
        aborted("hangs", "CountersUnreachable", Map.of("COUNTERS", "hang", "FAULTY_INDEX", "1"));

    assertTrue(end.at("/totals/requests").asLong() > 50, end.toString());
    assertTrue(end.path("message").asText().contains("no complete answer within 1000 ms"));
  }

  @Test
  void countersFallWithoutARestart() {
    aborted("falls", "CountersInconsistent", Map.of("COUNTERS", "falls"));
  }

  @Test
  void getsNoTraffic() {
    // Given
    var run = new Run(stack, "idle").production(1);

    // When
    var end =
        run.put(
                run.definition(
                    Map.of(), "\"deadline\":\"30s\"", "\"health\":{\"deadline\":\"25s\"}"))
            .awaitEnd();

    // Then
    assertUntouched(run, end, "DeadlineExceeded");
  }

  @Test
  void restartThatIsAllowedKeepsWhatWasCounted() {
    // Given
    var run = new Run(stack, "restarts").production(1);

    // When
    JsonNode end;
    try (var _ = Traffic.to(run)) {
      end =
          run.put(
                  run.definition(
                      Map.of("CRASH_AFTER", "60", "FAULTY_INDEX", "0"),
                      "\"health\":{\"maxRestarts\":1,\"deadline\":\"60s\",\"stableFor\":\"1s\"}"))
              .awaitEnd();
    }

    // Then
    assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    assertTrue(end.path("canaries").toString().contains("\"restarts\":1"), end.toString());
    assertTrue(end.at("/totals/requests").asLong() >= 400);
  }

  private JsonNode aborted(String name, String reason, Map<String, String> env, String... more) {
    // Given
    var run = new Run(stack, name).production(1);

    // When
    JsonNode end;
    try (var _ = Traffic.to(run)) {
      end = run.put(run.definition(env, more)).awaitEnd();
    }

    // Then
    assertUntouched(run, end, reason);
    return end;
  }

  private static void assertUntouched(Run run, JsonNode end, String reason) {
    assertEquals(reason, end.path("reason").asText(), end.toString());
    assertEquals("Aborted", end.path("outcome").asText());
    assertEquals("1", run.version(run.name));
    assertEquals(1, run.submissions(run.name));
    run.assertClean();
  }
}
