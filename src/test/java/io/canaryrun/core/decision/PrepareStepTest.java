package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.DIGEST;
import static io.canaryrun.core.Given.GENERATION;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.generation;
import static io.canaryrun.core.Given.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.decision.Decision.Act;
import io.canaryrun.core.decision.Decision.Freeze;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Phase.SubmittingJob;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrepareStepTest {
  private static final Preparation READY = new Preparation.Ready(generation());

  @Test
  void freezesWhatIsReadyAndStartsTheDeadline() {
    assertEquals(
        new Freeze(
            generation(),
            new SubmittingJob(NOW.plus(Duration.ofMinutes(30))),
            "submitting job api-canary"),
        decide(pass().preparation(READY).now()));
  }

  @Test
  void endsAtOnceWhatIsRefused() {
    assertEquals(
        new Move(new Ended(Reason.NOT_ALLOWED), "driver"),
        decide(pass().preparation(new Preparation.Refused(Reason.NOT_ALLOWED, "driver")).now()));
  }

  @Test
  void stopsALeftoverFirst() {
    var target = new Target("default", Optional.empty());
    var job = new JobSeen(33, 1, false, Map.of(), new JobDocument("api-canary", "{}"));
    assertEquals(
        new Act(new Action.StopLeftover(target, job, Reason.SUPERSEDED)),
        decide(pass().preparation(new Preparation.Leftover(target, job, Reason.SUPERSEDED)).now()));
  }

  @Test
  void endsItsOwnCanariesInProductionWhateverElseHappensWhereTheirRecordIsLost() {
    var target = new Target("default", Optional.empty());
    var waiting = new Remains(target, Optional.empty(), Optional.of("d1"), 2, 2);
    var gone = new Remains(target, Optional.empty(), Optional.empty(), 0, 0);
    assertEquals(new Act(new Action.FailLeftover(target, "d1")), decideLost(waiting));
    assertEquals(
        new Move(
            new Ended(Reason.ABORTED_BY_PERSON),
            "the frozen generation was removed or written over by hand; its canaries are gone,"
                + " production is left as it is"),
        decideLost(gone));
  }

  private static Decision decideLost(Remains remains) {
    return decide(
        pass()
            .preparation(new Preparation.Lost(remains))
            .definition(new DefinitionSeen.Absent())
            .now());
  }

  @Test
  void endsWhenTheDefinitionIsDeletedBeforeAnythingWasDone() {
    assertEquals(
        new Move(
            new Ended(Reason.DEFINITION_DELETED),
            "the definition was deleted before anything was done"),
        decide(pass().preparation(READY).definition(new DefinitionSeen.Absent()).now()));
  }

  @Test
  void endsWhenTheDefinitionIsReplacedBeforeAnythingWasDone() {
    assertEquals(
        new Move(new Ended(Reason.SUPERSEDED), "generation 8 of the definition replaces this one"),
        decide(
            pass()
                .preparation(READY)
                .definition(new DefinitionSeen.Present(GENERATION + 1, DIGEST))
                .now()));
  }

  @Test
  void takesBackWhatWasFrozenBeforeWhateverElseHappens() {
    assertEquals(
        new Move(
            new Aborting(Reason.ABORTED_BY_PERSON, Optional.of(NOW.plus(Duration.ofMinutes(15)))),
            "the status was removed or written over by hand, and with it what had been counted"),
        decide(
            pass()
                .preparation(new Preparation.Frozen(generation()))
                .definition(new DefinitionSeen.Absent())
                .now()));
  }

  @Test
  void waitsUntilItIsKnownWhetherItWasFrozenBefore() {
    assertInstanceOf(Hold.class, decide(pass().definition(new DefinitionSeen.Absent()).now()));
  }

  @Test
  void waitsWhereNobodyCanSayWhatItMeans() {
    assertEquals(
        Pace.hold("no answer"),
        decide(pass().preparation(new Preparation.Unresolved("no answer")).now()));
  }

  @Test
  void endsWithoutKnowingWhatItMeans() {
    assertEquals(
        new Move(
            new Ended(Reason.DEFINITION_DELETED),
            "the definition was deleted before anything was done"),
        decide(
            pass()
                .preparation(new Preparation.Unresolved("no answer"))
                .definition(new DefinitionSeen.Absent())
                .now()));
  }

  private static Decision decide(Observation seen) {
    return PrepareStep.decide(GENERATION, seen);
  }
}
