package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.generation;
import static io.canaryrun.core.Given.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.decision.Decision.Act;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.SubmittingJob;
import io.canaryrun.core.phase.Phase.WaitingHealthy;
import io.canaryrun.core.phase.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubmitStepTest {
  private static final SubmittingJob SUBMITTING = new SubmittingJob(LATER);

  @Test
  void submitsOverNothing() {
    assertEquals(
        new Act(new Action.SubmitCanary(0)),
        decide(pass().canaryJob(new CanaryJobSeen.Absent()).now()));
  }

  @Test
  void submitsOverAnEarlierGenerationsTombstone() {
    assertEquals(
        new Act(new Action.SubmitCanary(33)),
        decide(pass().canaryJob(new CanaryJobSeen.Earlier(33, 6, true)).now()));
  }

  @Test
  void submitsOverSomebodysStoppedJob() {
    assertEquals(
        new Act(new Action.SubmitCanary(33)),
        decide(pass().canaryJob(new CanaryJobSeen.Foreign(33, true, "a script's")).now()));
  }

  @Test
  void goesOnOnlyWhenTheJobIsSeen() {
    assertEquals(
        new Move(
            new WaitingHealthy(LATER, NOW.plus(Duration.ofMinutes(5)), Optional.empty()),
            "job api-canary is registered, waiting for 2 healthy canaries"),
        decide(pass().now()));
  }

  @Test
  void doesNotSubmitWithoutLooking() {
    assertInstanceOf(Hold.class, decide(pass().canaryJobUnknown().now()));
  }

  @Test
  void leavesSomebodysLiveJobAlone() {
    assertEquals(
        new Move(
            new Aborting(Reason.JOB_REJECTED, Optional.empty()), "job api-canary is a script's"),
        decide(pass().canaryJob(new CanaryJobSeen.Foreign(33, false, "a script's")).now()));
  }

  @Test
  void endsWhenNomadRefusesTheJob() {
    assertEquals(
        new Move(new Aborting(Reason.JOB_REJECTED, Optional.empty()), "no such driver"),
        decide(pass().canaryJob(new CanaryJobSeen.Absent()).refused("no such driver").now()));
  }

  @Test
  void neverSubmitsOverItsOwnTombstone() {
    assertEquals(
        new Move(
            new Aborting(Reason.ERRORS_EXCEEDED, Optional.empty()),
            "the canary was stopped: ErrorsExceeded"),
        decide(
            pass().canaryJob(new CanaryJobSeen.Stopped(60, Optional.of("ErrorsExceeded"))).now()));
  }

  @Test
  void leavesALaterGenerationAlone() {
    assertEquals(
        new Move(
            new Aborting(Reason.SUPERSEDED, Optional.empty()),
            "Nomad already has generation 9 of the canary job"),
        decide(pass().canaryJob(new CanaryJobSeen.Later(9)).now()));
  }

  @Test
  void endsAtTheDeadlineEvenWhenNomadDoesNotAnswer() {
    assertEquals(
        new Move(
            new Aborting(Reason.DEADLINE_EXCEEDED, Optional.empty()), "no verdict by the deadline"),
        decide(pass().canaryJobUnknown().at(LATER)));
  }

  private static Decision decide(Observation seen) {
    return SubmitStep.decide(generation(), SUBMITTING, seen);
  }
}
