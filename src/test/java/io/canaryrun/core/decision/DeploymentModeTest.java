package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.GENERATION;
import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.counted;
import static io.canaryrun.core.Given.gone;
import static io.canaryrun.core.Given.pass;
import static io.canaryrun.core.Given.reverted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.Given;
import io.canaryrun.core.Given.Pass;
import io.canaryrun.core.decision.Decision.Act;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Rollout.Cause;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Phase.SubmittingJob;
import io.canaryrun.core.phase.Phase.WaitingHealthy;
import io.canaryrun.core.phase.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the steps decide differently where Nomad's own deployment carries the canaries. */
class DeploymentModeTest {
  private static final ProductionSeen AS_FROZEN =
      new ProductionSeen.AsFrozen(40, 3, new Rollout.Successful());
  private static final Phase SUBMITTING = new SubmittingJob(LATER);
  private static final Phase OBSERVING = new ObservingCounters(LATER, Optional.empty());
  private static final Phase PROMOTING =
      new Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.empty(), false);
  private static final List<Phase> CANARIES_OUT =
      List.of(new WaitingHealthy(LATER, LATER, Optional.empty()), OBSERVING);

  private static Pass sees(ProductionSeen production) {
    return pass().of(Given.deployment()).canaryJobUnknown().production(production);
  }

  private static Pass sees(Rollout rollout) {
    return sees(new ProductionSeen.Ours(50, 4, rollout));
  }

  private static Rollout failed(Cause cause) {
    return new Rollout.Failed("why", cause);
  }

  @Test
  void registersOverTheFrozenIndex() {
    assertEquals(new Act(new Action.SubmitCanary(40)), decide(SUBMITTING, sees(AS_FROZEN)));
  }

  @Test
  void waitsForHealthOnceRegistered() {
    assertInstanceOf(
        WaitingHealthy.class,
        assertInstanceOf(Move.class, decide(SUBMITTING, sees(new Rollout.InProgress("begun"))))
            .to());
  }

  @Test
  void refusedRegistrationAborts() {
    assertEquals(
        Reason.JOB_REJECTED, reason(decide(SUBMITTING, sees(AS_FROZEN).refused("no driver"))));
  }

  @Test
  void productionThatSomebodyChangedBeforeIsLeftAlone() {
    assertEquals(
        Reason.PRODUCTION_CHANGED,
        reason(decide(SUBMITTING, sees(new ProductionSeen.Changed("edited")))));
  }

  @Test
  void endOfTheDeploymentIsTheEndOfTheRun() {
    for (var phase : CANARIES_OUT) {
      assertEquals(Reason.CANARY_UNHEALTHY, reason(decide(phase, sees(failed(Cause.UNHEALTHY)))));
      assertEquals(Reason.CANARY_STOPPED, reason(decide(phase, sees(failed(Cause.STOPPED)))));
      assertEquals(Reason.PRODUCTION_CHANGED, reason(decide(phase, sees(failed(Cause.OVERTAKEN)))));
      assertEquals(
          Reason.PRODUCTION_CHANGED, reason(decide(phase, sees(new Rollout.Promoted("1 of 2")))));
      assertEquals(
          Reason.PRODUCTION_CHANGED, reason(decide(phase, sees(new Rollout.Successful()))));
      assertEquals(Reason.PRODUCTION_CHANGED, reason(decide(phase, sees(AS_FROZEN))));
      assertEquals(
          Reason.PRODUCTION_CHANGED, reason(decide(phase, sees(new ProductionSeen.Withdrawn(60)))));
      assertEquals(
          Reason.PRODUCTION_CHANGED,
          reason(decide(phase, sees(new ProductionSeen.Changed("edited")))));
    }
  }

  @Test
  void whatNomadRevertedEndedForItsOwnReason() {
    for (var phase : CANARIES_OUT) {
      assertEquals(
          Reason.CANARY_UNHEALTHY,
          reason(decide(phase, sees(reverted(new Rollout.Successful(), Cause.UNHEALTHY)))));
      assertEquals(
          Reason.CANARY_STOPPED,
          reason(decide(phase, sees(reverted(new Rollout.Successful(), Cause.STOPPED)))));
    }
  }

  @Test
  void goodVerdictPromotesHealthyCanaries() {
    // Given
    var good = counted(1_000, 0);

    // Then
    assertEquals(
        new Move(
            new Promoting(
                NOW.plus(Duration.ofMinutes(15)), Reason.GOAL_REACHED, OptionalLong.empty(), false),
            "1,000 of 1,000 requests, 0 errors"),
        decide(OBSERVING, sees(new Rollout.AwaitingPromotion("d1")).ledger(good)));
    assertInstanceOf(
        Hold.class, decide(OBSERVING, sees(new Rollout.AwaitingHealth("d1", "1")).ledger(good)));
  }

  @Test
  void errorsAbortAPromotionThatHasNotReachedNomad() {
    for (var unpromoted :
        List.of(new Rollout.AwaitingPromotion("d1"), new Rollout.AwaitingHealth("d1", "1 of 2"))) {
      assertEquals(
          Reason.ERRORS_EXCEEDED,
          reason(decide(PROMOTING, sees(unpromoted).ledger(counted(1_000, 1)))));
    }
    assertInstanceOf(
        Hold.class,
        decide(PROMOTING, sees(new Rollout.Promoted("1 of 2")).ledger(counted(1_000, 1))));
  }

  @Test
  void promotesTheDeploymentAndFollowsIt() {
    assertEquals(
        new Act(new Action.PromoteDeployment("d1")),
        decide(PROMOTING, sees(new Rollout.AwaitingPromotion("d1"))));
    for (var under :
        List.of(new Rollout.AwaitingHealth("d1", "x"), new Rollout.Promoted("1 of 2"))) {
      assertInstanceOf(Hold.class, decide(PROMOTING, sees(under)));
    }
    var deployed = new Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.empty(), true);
    assertEquals(
        new Move(deployed, "production runs the new version"),
        decide(PROMOTING, sees(new Rollout.Successful())));
    assertEquals(
        new Move(new Ended(Reason.GOAL_REACHED), "promoted, production runs the new version"),
        decide(deployed, sees(new Rollout.Successful())));
  }

  @Test
  void rolloutThatFailsAfterPromotionIsReturned() {
    assertEquals(
        Reason.PRODUCTION_DEPLOY_FAILED, reason(decide(PROMOTING, sees(failed(Cause.UNHEALTHY)))));
    var aborting = new Aborting(Reason.PRODUCTION_DEPLOY_FAILED, Optional.of(LATER));
    for (var rollout :
        List.of(failed(Cause.UNHEALTHY), new Rollout.Promoted("1"), new Rollout.Successful())) {
      assertEquals(new Act(new Action.ReturnProduction(50)), decide(aborting, sees(rollout)));
    }
  }

  @Test
  void promotingAVersionThatIsGoneEndsTheRun() {
    assertEquals(Reason.PRODUCTION_CHANGED, reason(decide(PROMOTING, sees(AS_FROZEN))));
  }

  @Test
  void abortHasADeadlineForTheReturn() {
    assertEquals(
        new Move(
            new Aborting(Reason.ERRORS_EXCEEDED, Optional.of(NOW.plus(Duration.ofMinutes(15)))),
            "taking the canaries back"),
        decide(
            new Aborting(Reason.ERRORS_EXCEEDED, Optional.empty()),
            sees(new Rollout.AwaitingPromotion("d1"))));
  }

  @Test
  void abortFailsTheDeploymentThenReturnsProduction() {
    // Given
    var aborting = new Aborting(Reason.ERRORS_EXCEEDED, Optional.of(LATER));

    // Then
    var fail = new Act(new Action.FailDeployment("d1"));
    var giveBack = new Act(new Action.ReturnProduction(50));
    assertEquals(fail, decide(aborting, sees(new Rollout.AwaitingPromotion("d1"))));
    assertEquals(fail, decide(aborting, sees(new Rollout.AwaitingHealth("d1", "0 of 2"))));
    assertEquals(giveBack, decide(aborting, sees(failed(Cause.STOPPED))));
    assertEquals(giveBack, decide(aborting, sees(new Rollout.InProgress("no deployment yet"))));
    assertInstanceOf(
        Hold.class, decide(aborting, sees(reverted(new Rollout.InProgress("1 of 2")))));
  }

  @Test
  void abortEndsWhenProductionIsBackAndNoCanaryIsLeft() {
    // Given
    var aborting = new Aborting(Reason.ERRORS_EXCEEDED, Optional.of(LATER));
    var back = reverted(new Rollout.Successful());

    // Then
    assertInstanceOf(
        Hold.class, decide(aborting, sees(back).allocations(allocation("a")).instances(0)));
    assertInstanceOf(Hold.class, decide(aborting, sees(back).allocations(gone("a")).instances(1)));
    assertEquals(
        new Move(new Ended(Reason.ERRORS_EXCEEDED), "production is as it was, in version 5"),
        decide(aborting, sees(back).allocations(gone("a"), gone("b")).instances(0)));
    assertEquals(
        new Move(new Ended(Reason.ERRORS_EXCEEDED), "production was not changed"),
        decide(aborting, sees(AS_FROZEN).allocations().instances(0)));
  }

  @Test
  void whatSomebodyElseMadeOfProductionStays() {
    // Given
    var aborting = new Aborting(Reason.PRODUCTION_CHANGED, Optional.of(LATER));

    // Then
    assertEquals(
        new Move(
            new Ended(Reason.PRODUCTION_CHANGED),
            "production is left alone: its canaries have been promoted"),
        decide(aborting, sees(new Rollout.Promoted("1 of 2"))));
    assertEquals(
        new Move(
            new Ended(Reason.PRODUCTION_CHANGED), "production is left alone: version 5 is edited"),
        decide(
            aborting,
            sees(new ProductionSeen.Changed("version 5 is edited"))
                .allocations(gone("a"))
                .instances(0)));
  }

  @Test
  void anAnswerThatDoesNotComeDecidesNothing() {
    for (var phase :
        List.of(
            SUBMITTING,
            OBSERVING,
            PROMOTING,
            new Aborting(Reason.ERRORS_EXCEEDED, Optional.of(LATER)))) {
      assertInstanceOf(
          Hold.class, decide(phase, sees(AS_FROZEN).productionUnknown()), phase.word());
    }
  }

  private static Decision decide(Phase phase, Pass seen) {
    return Reconciler.decide(GENERATION, phase, false, seen.now());
  }

  private static Reason reason(Decision decision) {
    return assertInstanceOf(Aborting.class, assertInstanceOf(Move.class, decision).to()).reason();
  }
}
