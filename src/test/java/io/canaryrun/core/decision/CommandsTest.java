package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.GENERATION;
import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.counted;
import static io.canaryrun.core.Given.failure;
import static io.canaryrun.core.Given.generation;
import static io.canaryrun.core.Given.pass;
import static io.canaryrun.core.Given.run;
import static io.canaryrun.core.Given.unhealthy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.Given;
import io.canaryrun.core.decision.Decision.Answer;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Command.Kind;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.AwaitingApproval;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Phase.Pending;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Phase.SubmittingJob;
import io.canaryrun.core.phase.Phase.WaitingHealthy;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.Promotion;
import io.canaryrun.core.spec.Promotion.Approval;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {
  private static final Phase OBSERVING = new ObservingCounters(LATER, Optional.empty());
  private static final Phase AWAITING = new AwaitingApproval(LATER, Optional.empty());
  private static final Phase WAITING = new WaitingHealthy(LATER, LATER, Optional.empty());

  static Stream<Phase> active() {
    return Stream.of(new SubmittingJob(LATER), WAITING, OBSERVING, AWAITING);
  }

  private static Command.Asked asked(Kind kind) {
    return asked(kind, GENERATION);
  }

  private static Command.Asked asked(Kind kind, long generation) {
    return new Command.Asked(kind, 90, generation, "ada", "CHG-4711");
  }

  @ParameterizedTest
  @MethodSource("active")
  void abortEndsTheRun(Phase phase) {
    // Given
    var abort = asked(Kind.ABORT);

    // When
    var decision = decide(phase, pass().commands(abort, asked(Kind.PAUSE)).now());

    // Then
    assertEquals(
        new Move(
            new Aborting(Reason.ABORTED_BY_PERSON, Optional.empty()),
            "aborted by ada: CHG-4711",
            Optional.of(abort)),
        decision);
  }

  @Test
  void abortBeforeAnythingWasDoneLeavesNothingToClean() {
    // Given
    var abort = asked(Kind.ABORT);
    var ready = pass().preparation(new Preparation.Ready(generation()));

    // When
    var decision = decide(new Pending(), ready.commands(abort).now());

    // Then
    assertEquals(
        new Move(
            new Ended(Reason.ABORTED_BY_PERSON), "aborted by ada: CHG-4711", Optional.of(abort)),
        decision);
  }

  @ParameterizedTest
  @MethodSource("active")
  void pauseIsRecorded(Phase phase) {
    // Given
    var pause = asked(Kind.PAUSE);

    // Then
    assertEquals(
        new Answer(pause, true, "paused by ada: CHG-4711"),
        decide(phase, pass().commands(pause).now()));
  }

  @Test
  void resumeIsRecorded() {
    // Given
    var resume = new Command.Asked(Kind.RESUME, 90, GENERATION, "ada", "");

    // Then
    assertEquals(
        new Answer(resume, false, "resumed by ada"),
        decidePaused(OBSERVING, pass().commands(resume).now()));
  }

  @Test
  void whatChangesNothingIsRefused() {
    assertRefused(
        asked(Kind.PAUSE),
        true,
        "pause by ada: the run is paused already",
        decidePaused(OBSERVING, pass().commands(asked(Kind.PAUSE)).now()));
    assertRefused(
        asked(Kind.RESUME),
        false,
        "resume by ada: the run is not paused",
        decide(OBSERVING, pass().commands(asked(Kind.RESUME)).now()));
  }

  @ParameterizedTest
  @MethodSource("active")
  void commandForAnotherGenerationIsRefused(Phase phase) {
    for (var kind : Kind.values()) {
      var other = asked(kind, 6);
      assertRefused(
          other,
          false,
          kind.word() + " by ada: it is for generation 6, this is generation 7",
          decide(phase, pass().commands(other).now()));
    }
  }

  @Test
  void whatIsNoCommandIsRefused() {
    // Given
    var garbage = new Command.Unreadable("explode", 90, "there is only abort");

    // Then
    assertRefused(
        garbage,
        false,
        "explode: there is only abort",
        decide(OBSERVING, pass().commands(garbage).now()));
  }

  @Test
  void promoteIsRefusedBeforeAnythingIsObserved() {
    assertRefused(
        asked(Kind.PROMOTE),
        false,
        "promote by ada: nothing is observed yet in phase WaitingHealthy",
        decide(WAITING, pass().commands(asked(Kind.PROMOTE)).now()));
  }

  @Test
  void promoteIsRefusedWhilePaused() {
    assertRefused(
        asked(Kind.PROMOTE),
        true,
        "promote by ada: the run is paused: resume it first",
        decidePaused(OBSERVING, pass().commands(asked(Kind.PROMOTE)).now()));
  }

  @Test
  void promoteBeforeTheVerdictIsAPersons() {
    // Given
    var promote = asked(Kind.PROMOTE);

    // When
    var decision = decide(OBSERVING, pass().commands(promote).now());

    // Then
    assertEquals(
        new Move(
            new Promoting(
                NOW.plus(Duration.ofMinutes(15)),
                Reason.PROMOTED_BY_PERSON,
                OptionalLong.of(40),
                false),
            "promoted by ada: CHG-4711; 500 of 1,000 requests, 0 errors",
            Optional.of(promote)),
        decision);
  }

  @Test
  void promoteWaitsForTheClosingSweep() {
    // Given
    var unread = counted(500, 0).read(failure("a", NOW));

    // Then
    assertEquals(
        new Hold(
            Pace.WAITING,
            "500 of 1,000 requests, 0 errors, 2 canaries,"
                + " promoted as soon as every canary is healthy and read"),
        decide(OBSERVING, pass().ledger(unread).commands(asked(Kind.PROMOTE)).now()));
    assertInstanceOf(
        ObservingCounters.class,
        assertInstanceOf(
                Move.class,
                decide(
                    OBSERVING,
                    pass()
                        .allocations(allocation("a"), unhealthy("b"))
                        .commands(asked(Kind.PROMOTE))
                        .now()))
            .to());
  }

  @Test
  void nobodyPromotesPastAnErrorBeyondTheBudget() {
    for (var phase : List.of(OBSERVING, AWAITING)) {
      assertEquals(
          Reason.ERRORS_EXCEEDED,
          abortReason(
              decide(phase, pass().ledger(counted(500, 1)).commands(asked(Kind.PROMOTE)).now())));
    }
  }

  @Test
  void goodVerdictAwaitsManualApproval() {
    // When
    var decision =
        decide(OBSERVING, pass().of(generation(manual())).ledger(counted(1_000, 0)).now());

    // Then
    assertEquals(
        new Move(
            new AwaitingApproval(NOW.plus(Duration.ofHours(24)), Optional.empty()),
            "1,000 of 1,000 requests, 0 errors; waiting for approval until 2030-01-02T12:00:00Z:"
                + " canary promote api"),
        decision);
  }

  @Test
  void approvalOfAGoodVerdictReachesTheGoal() {
    // Given
    var promote = asked(Kind.PROMOTE);

    // When
    var decision =
        decide(
            AWAITING,
            pass().of(generation(manual())).ledger(counted(1_200, 0)).commands(promote).now());

    // Then
    assertEquals(
        new Move(
            new Promoting(
                NOW.plus(Duration.ofMinutes(15)), Reason.GOAL_REACHED, OptionalLong.of(40), false),
            "promoted by ada: CHG-4711; 1,200 of 1,000 requests, 0 errors",
            Optional.of(promote)),
        decision);
  }

  @Test
  void withoutApprovalAGoodVerdictWaits() {
    assertEquals(
        new Hold(
            Pace.WAITING,
            "1,200 of 1,000 requests, 0 errors, 2 canaries, waiting for approval:"
                + " canary promote api"),
        decide(AWAITING, pass().of(generation(manual())).ledger(counted(1_200, 0)).now()));
  }

  @Test
  void nobodyApproves() {
    assertEquals(
        Reason.APPROVAL_DEADLINE_EXCEEDED,
        abortReason(decide(AWAITING, pass().ledger(counted(1_200, 0)).at(LATER))));
  }

  @Test
  void pausedRunTakesNoStepForward() {
    // Given
    var absent = pass().canaryJob(new CanaryJobSeen.Absent()).now();
    var good = pass().ledger(counted(1_000, 0)).now();

    // Then
    var paused = new Hold(Pace.WAITING, "paused");
    assertEquals(paused, decidePaused(new SubmittingJob(LATER), absent));
    assertEquals(paused, decidePaused(new SubmittingJob(LATER), good));
    assertEquals(
        paused,
        decidePaused(new WaitingHealthy(LATER, LATER, Optional.of(Given.PROCESS_START)), good));
    assertEquals(paused, decidePaused(OBSERVING, good));
  }

  @Test
  void pausedRunIsStillEnded() {
    assertEquals(
        Reason.ERRORS_EXCEEDED,
        abortReason(decidePaused(OBSERVING, pass().ledger(counted(500, 1)).now())));
    assertEquals(Reason.DEADLINE_EXCEEDED, abortReason(decidePaused(WAITING, pass().at(LATER))));
    assertEquals(
        Reason.ABORTED_BY_PERSON,
        abortReason(decidePaused(AWAITING, pass().commands(asked(Kind.ABORT)).now())));
  }

  @Test
  void pauseWaitsUntilSomethingHasBegun() {
    // Given
    var ready = pass().preparation(new Preparation.Ready(generation()));

    // Then
    assertInstanceOf(
        Decision.Freeze.class,
        decide(new Pending(), ready.commands(asked(Kind.PAUSE), asked(Kind.PROMOTE, 6)).now()));
  }

  @Test
  void commandsWaitForTheOutcomeOfAPromotion() {
    // Given
    var promoting = new Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.of(40), false);

    // Then
    for (var kind : Kind.values()) {
      assertEquals(
          decide(promoting, pass().now()), decide(promoting, pass().commands(asked(kind)).now()));
    }
  }

  private static Decision decide(Phase phase, Observation seen) {
    return Reconciler.decide(GENERATION, phase, false, seen);
  }

  private static Decision decidePaused(Phase phase, Observation seen) {
    return Reconciler.decide(GENERATION, phase, true, seen);
  }

  private static CanaryRun manual() {
    return run(Promotion.Mode.DEPLOY, Approval.MANUAL, 0);
  }

  private static void assertRefused(
      Command command, boolean paused, String what, Decision decision) {
    assertEquals(new Answer(command, paused, "refused: " + what), decision);
  }

  private static Reason abortReason(Decision decision) {
    return assertInstanceOf(Aborting.class, assertInstanceOf(Move.class, decision).to()).reason();
  }
}
