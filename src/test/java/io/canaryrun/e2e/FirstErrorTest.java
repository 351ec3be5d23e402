package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The first error stops the canary; how soon is told, and promised nowhere but on loopback. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class FirstErrorTest {
  private static final Queue<Duration> TAKEN = new ConcurrentLinkedQueue<>();

  private final Stack stack;

  FirstErrorTest(Stack stack) {
    this.stack = stack;
  }

  @AfterAll
  static void tell() {
    var sorted = TAKEN.stream().sorted().toList();
    if (!sorted.isEmpty()) {
      System.out.printf(
          "first error -> stop order, counters read every 500 ms: p50 %d ms, p99 %d ms of %d runs%n",
          sorted.get(sorted.size() / 2).toMillis(), sorted.getLast().toMillis(), sorted.size());
    }
  }

  @RepeatedTest(20)
  void stopsTheCanary(RepetitionInfo repetition) {
    // Given
    var run = new Run(stack, "first-error-" + repetition.getCurrentRepetition());
    var job = Run.source(run.canaryHcl(2), Map.of("error_rate", "0.01"));
    try (var traffic = Traffic.to(run)) {

      // When
      var end =
          run.put(
                  run.definition(
                      "\"promote\":\"none\"",
                      "\"canary\":{\"count\":2,\"job\":{%s}}".formatted(job),
                      "\"analysis\":{\"requests\":75000}"))
              .awaitEnd();

      // Then
      assertEquals("ErrorsExceeded", end.path("reason").asText(), end.toString());
      TAKEN.add(
          Duration.between(traffic.firstError().orElseThrow(), run.registeredAt(run.canary())));
    }
    run.assertClean();
  }
}
