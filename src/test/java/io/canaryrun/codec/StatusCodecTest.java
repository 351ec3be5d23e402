package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.Given;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusCodecTest {
  private static final Instant NOW = Given.NOW;
  private static final RunStatus PENDING =
      RunStatus.pending(
          "api", OptionalLong.of(7), "sha256:x", NOW, new Owner("node-1", "session-1"));

  @Test
  void readsWhatItWroteInEveryPhase() {
    var phases =
        List.of(
            new Phase.Pending(),
            new Phase.SubmittingJob(NOW),
            new Phase.WaitingHealthy(NOW, NOW.plusSeconds(1), Optional.of(NOW.plusSeconds(2))),
            new Phase.WaitingHealthy(NOW, NOW, Optional.empty()),
            new Phase.ObservingCounters(NOW, Optional.of(NOW)),
            new Phase.AwaitingApproval(NOW, Optional.of(NOW)),
            new Phase.Promoting(NOW, Reason.GOAL_REACHED, OptionalLong.of(4), false),
            new Phase.Promoting(NOW, Reason.PROMOTED_BY_PERSON, OptionalLong.empty(), true),
            new Phase.Aborting(Reason.ERRORS_EXCEEDED, Optional.of(NOW)),
            new Phase.Ended(Reason.GOAL_REACHED),
            new Phase.Ended(Reason.SUPERSEDED),
            new Phase.Ended(Reason.PLACEMENT_FAILED),
            new Phase.Ended(Reason.INVALID_DEFINITION));
    for (var phase : phases) {
      // Given
      var status = PENDING.moved(phase, "why", NOW.plusSeconds(5));

      // Then
      assertEquals(Optional.of(status), StatusCodec.read(StatusCodec.write(status)));
    }
  }

  @Test
  void readsTheLedgerWithEverythingThatATakeoverNeeds() {
    // Given
    var restarted =
        new AllocationSeen(
            "a",
            "node-2",
            Optional.of("10.0.0.7:21345"),
            Optional.of(NOW.plusSeconds(9)),
            false,
            AllocationSeen.State.RUNNING,
            1,
            true,
            Optional.of("restarted"),
            List.of(Given.STARTED));
    var ledger =
        Given.counted(1_000, 3)
            .seen(List.of(restarted))
            .read(
                new Reading(
                    "a", NOW.plusSeconds(9), NOW.plusSeconds(10), new Reading.Counted(20, 1)));
    for (int i = 0; i < 30; i++) {
      ledger = ledger.seen(List.of(restarted, Given.allocation("alloc-" + i)));
    }
    var status = PENDING.refreshed(ledger, PENDING.nomad(), "why", NOW);

    // Then
    assertEquals(Optional.of(status), StatusCodec.read(StatusCodec.write(status)));
    assertEquals(4, ledger.errors());
  }

  @Test
  void fitsItsKeyWithFiveHundredCanariesInTrouble() {
    // Given
    var allocations =
        IntStream.range(0, 500)
            .mapToObj(i -> Given.allocation("0f3c9a1e-4b7d-4d55-8a53-%012d".formatted(i)))
            .toList();
    var ledger = Ledger.EMPTY.seen(allocations);
    for (var allocation : allocations) {
      ledger = ledger.read(Given.reading(allocation.allocId(), NOW, 123_456, 1)).seen(allocations);
    }
    var status = PENDING.refreshed(ledger, PENDING.nomad(), "x".repeat(10_000), NOW);
    for (int i = 0; i < 300; i++) {
      status =
          status
              .moved(new Phase.Pending(), "y".repeat(400), NOW)
              .moved(new Phase.SubmittingJob(NOW), "y".repeat(400), NOW);
    }

    // Then
    var size = StatusCodec.write(status).getBytes(UTF_8).length;
    assertTrue(size <= StatusCodec.MAX_BYTES, size + " bytes");
  }

  @Test
  void taskEventsGoBeforeTransitionsWhereThereIsTooLittleRoom() {
    // Given
    var status = with(500);
    for (int i = 0; i < 30; i++) {
      status =
          status
              .moved(new Phase.Pending(), "y".repeat(400), NOW)
              .moved(new Phase.SubmittingJob(NOW), "y".repeat(400), NOW);
    }

    // When
    var read = StatusCodec.read(StatusCodec.write(status)).orElseThrow();

    // Then
    assertEquals(status.transitions(), read.transitions());
    assertTrue(events(read) < 300, events(read) + " events");
  }

  @Test
  void taskEventsOfCanariesInTroubleAreKeptFirst() {
    // Given
    var status = with(400);

    // When
    var read = StatusCodec.read(StatusCodec.write(status)).orElseThrow();

    // Then
    var troubled = read.ledger().tally("troubled").orElseThrow();
    assertEquals(List.of(Given.STARTED), troubled.shown().events());
    assertTrue(events(read) <= StatusCodec.MAX_EVENTS, events(read) + " events");
  }

  /** That many canaries, the last one in trouble. */
  private static RunStatus with(int canaries) {
    var allocations =
        Stream.concat(
                IntStream.range(1, canaries)
                    .mapToObj(i -> Given.allocation("0f3c9a1e-4b7d-4d55-8a53-%012d".formatted(i))),
                Stream.of(Given.unhealthy("troubled")))
            .toList();
    return PENDING.refreshed(Ledger.EMPTY.seen(allocations), PENDING.nomad(), "why", NOW);
  }

  private static long events(RunStatus status) {
    return status.ledger().canaries().values().stream()
        .mapToLong(tally -> tally.shown().events().size())
        .sum();
  }

  @Test
  void takesGarbageForNoStatus() {
    for (var text : List.of("", "{", "[]", "null", "{}", "{\"kind\":\"CanaryRunStatus\"}", "42")) {
      assertEquals(Optional.empty(), StatusCodec.read(text), text);
    }
    var status = StatusCodec.write(PENDING);
    assertEquals(Optional.empty(), StatusCodec.read(status.replace("Pending", "Dancing")));
    assertEquals(Optional.empty(), StatusCodec.read(status.replace("2030-", "20x0-")));
  }
}
