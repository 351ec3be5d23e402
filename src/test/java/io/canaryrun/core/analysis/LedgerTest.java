package io.canaryrun.core.analysis;

import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.PROCESS_START;
import static io.canaryrun.core.Given.STARTED;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.failure;
import static io.canaryrun.core.Given.gone;
import static io.canaryrun.core.Given.reading;
import static io.canaryrun.core.Given.unhealthy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.Trouble;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Instant RESTART = NOW.plusSeconds(5);

  @Test
  void countsEachProcessFromItsOwnZero() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a"))).read(reading("a", NOW, 100, 1));

    // When
    var after =
        ledger.seen(List.of(restarted("a"))).read(ofNewProcess("a", NOW.plusSeconds(7), 30, 2));

    // Then
    assertEquals(130, after.requests());
    assertEquals(3, after.errors());
    assertEquals(1, after.restarts());
  }

  @Test
  void countsNoRequestTwiceWhenReadsMayHaveBeenOfTheNewProcess() {
    // Given reads that came after the restart, before the restart was known
    var ledger =
        Ledger.EMPTY
            .seen(List.of(allocation("a")))
            .read(reading("a", NOW, 100, 0))
            .read(reading("a", RESTART.plusSeconds(1), 110, 0))
            .read(reading("a", RESTART.plusSeconds(2), 120, 0));

    // When
    var after =
        ledger
            .seen(List.of(restarted("a")))
            .read(ofNewProcess("a", RESTART.plusSeconds(3), 130, 0));

    // Then
    assertEquals(130, after.requests());
  }

  @Test
  void countsErrorsOfALateReadOfTheOldProcess() {
    // Given
    var ledger =
        Ledger.EMPTY
            .seen(List.of(allocation("a")))
            .read(reading("a", NOW, 100, 0))
            .seen(List.of(restarted("a")));

    // When
    var after = ledger.read(reading("a", RESTART.plusSeconds(1), 110, 1));

    // Then
    assertEquals(1, after.errors());
    assertEquals(100, after.requests());
  }

  @Test
  void takesAFallWithoutARestartForAFailedReadButKeepsItsErrors() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a"))).read(reading("a", NOW, 100, 0));

    // When
    var after = ledger.read(reading("a", NOW.plusSeconds(1), 40, 1));

    // Then
    var tally = after.tally("a").orElseThrow();
    assertEquals(100, after.requests());
    assertEquals(1, after.errors());
    assertTrue(tally.isInconsistent());
    assertEquals(Optional.of(NOW.plusSeconds(1)), tally.reads().failingSince());
    assertEquals(Optional.of(NOW), tally.reads().lastAt());
  }

  /** Two processes behind one port answer by turns. */
  @Test
  void aSingleGoodReadDoesNotEndAFall() {
    // Given
    var fallen =
        Ledger.EMPTY
            .seen(List.of(allocation("a")))
            .read(reading("a", NOW, 100, 0))
            .read(reading("a", NOW.plusSeconds(1), 40, 0));

    // When
    var after =
        fallen
            .read(reading("a", NOW.plusSeconds(2), 110, 0))
            .read(reading("a", NOW.plusSeconds(3), 41, 0));

    // Then
    var tally = after.tally("a").orElseThrow();
    assertEquals(110, after.requests());
    assertEquals(Optional.of(NOW.plusSeconds(1)), tally.reads().failingSince());
  }

  @Test
  void fiveReadsInARowThatDoNotFallAreTrustedAgain() {
    // Given
    var ledger =
        Ledger.EMPTY
            .seen(List.of(allocation("a")))
            .read(reading("a", NOW, 100, 0))
            .read(reading("a", NOW.plusSeconds(1), 40, 0));

    // When
    for (int i = 0; i < 5; i++) {
      assertTrue(ledger.tally("a").orElseThrow().isInconsistent());
      ledger = ledger.read(reading("a", NOW.plusSeconds(2 + i), 110 + i, 0));
    }

    // Then
    var tally = ledger.tally("a").orElseThrow();
    assertEquals(Optional.empty(), tally.reads().failingSince());
    assertEquals(Optional.empty(), tally.problem());
  }

  @Test
  void aGoodReadEndsAFailure() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a"))).read(failure("a", NOW));

    // When
    var after = ledger.read(reading("a", NOW.plusSeconds(1), 10, 0));

    // Then
    var tally = after.tally("a").orElseThrow();
    assertEquals(Optional.empty(), tally.reads().failingSince());
    assertEquals(Optional.empty(), tally.problem());
  }

  @Test
  void doesNotBlameAnUnhealthyCanaryForFailedReads() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(unhealthy("a")));

    // When
    var after = ledger.read(failure("a", NOW));

    // Then
    assertEquals(Optional.empty(), after.tally("a").orElseThrow().reads().failingSince());
  }

  @Test
  void keepsTheCountsOfAnAllocationThatNomadForgot() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a"))).read(reading("a", NOW, 100, 1));

    // When
    var after = ledger.seen(List.of(allocation("b")));

    // Then
    assertEquals(100, after.requests());
    assertEquals(1, after.errors());
    assertEquals(List.of("b"), after.live().stream().map(CanaryTally::allocId).toList());
  }

  @Test
  void keepsTotalsWhenManyAllocationsWereForgotten() {
    // Given
    var ledger = Ledger.EMPTY;

    // When
    for (int i = 0; i < 100; i++) {
      ledger =
          ledger.seen(List.of(allocation("alloc-" + i))).read(reading("alloc-" + i, NOW, 10, 1));
    }

    // Then
    assertEquals(1_000, ledger.requests());
    assertEquals(100, ledger.errors());
    assertEquals(1 + Ledger.MAX_FORGOTTEN, ledger.canaries().size());
  }

  @Test
  void countsAFailedAllocationAsARestart() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a"), allocation("b")));

    // When
    var after =
        ledger.seen(List.of(ended("a", State.FAILED), ended("b", State.LOST), allocation("c")));

    // Then
    assertEquals(2, after.restarts());
  }

  /** Nomad stops it and starts another elsewhere: nothing failed. */
  @Test
  void aDrainedAllocationIsNoRestartAndItsCountsStay() {
    // Given
    var ledger =
        Ledger.EMPTY
            .seen(List.of(allocation("a"), allocation("b")))
            .read(reading("a", NOW, 100, 0));

    // When
    var after = ledger.seen(List.of(gone("a"), allocation("b"), allocation("c")));

    // Then
    assertEquals(0, after.restarts());
    assertEquals(100, after.requests());
    assertEquals(List.of("b", "c"), after.live().stream().map(CanaryTally::allocId).toList());
    assertEquals(List.of(), after.troubles());
  }

  @Test
  void keepsTheTaskEventsOfAnAllocationThatNomadForgot() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a")));

    // When
    var after = ledger.seen(List.of());

    // Then
    assertEquals(List.of(STARTED), after.tally("a").orElseThrow().shown().events());
  }

  @Test
  void troublesThatLastComeFirst() {
    // Given
    var ledger =
        Ledger.EMPTY.seen(
            List.of(restarted("a"), allocation("b"), ended("c", State.LOST), unhealthy("d")));

    // Then
    assertEquals(List.of("c", "d", "a"), ledger.troubles().stream().map(Trouble::allocId).toList());
    assertEquals(List.of("c", "a"), ledger.failures().stream().map(Trouble::allocId).toList());
  }

  @Test
  void aTakeoverDoesNotCountTheTimeWhenNobodyRead() {
    // Given
    var ledger = Ledger.EMPTY.seen(List.of(allocation("a"))).read(failure("a", NOW));

    // When
    var after = ledger.resumed();

    // Then
    assertEquals(Optional.empty(), after.tally("a").orElseThrow().reads().failingSince());
  }

  private static AllocationSeen restarted(String id) {
    return seen(id, RESTART, State.RUNNING, 1);
  }

  private static AllocationSeen ended(String id, State state) {
    return seen(id, PROCESS_START, state, 0);
  }

  private static AllocationSeen seen(String id, Instant start, State state, int restarts) {
    return new AllocationSeen(
        id,
        "node-1",
        Optional.of("127.0.0.1:2000"),
        Optional.of(start),
        false,
        state,
        restarts,
        state == State.RUNNING,
        Optional.empty(),
        List.of());
  }

  private static Reading ofNewProcess(String id, Instant at, long requests, long errors) {
    return new Reading(id, RESTART, at, new Reading.Counted(requests, errors));
  }
}
