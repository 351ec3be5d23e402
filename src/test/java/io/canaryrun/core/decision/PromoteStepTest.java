package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.counted;
import static io.canaryrun.core.Given.generation;
import static io.canaryrun.core.Given.pass;
import static io.canaryrun.core.Given.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.Given;
import io.canaryrun.core.decision.Decision.Act;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Promotion;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PromoteStepTest {
  private static final Promoting PROMOTING =
      new Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.of(40), false);
  private static final Promoting DEPLOYED =
      new Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.of(40), true);

  @Test
  void registersOverThePersistedIndex() {
    assertEquals(new Act(new Action.RegisterProduction(40)), decide(pass().now()));
  }

  @Test
  void persistsANewIndexBeforeItIsUsed() {
    assertEquals(
        new Move(
            new Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.of(41), false),
            "registering production over index 41"),
        decide(
            pass().production(new ProductionSeen.AsFrozen(41, 4, new Rollout.Successful())).now()));
  }

  @Test
  void aStopOrderStillWinsWhileProductionIsUnchanged() {
    assertEquals(
        new Move(
            new Aborting(Reason.ERRORS_EXCEEDED, Optional.empty()),
            "the canary was stopped: ErrorsExceeded"),
        decide(
            pass().canaryJob(new CanaryJobSeen.Stopped(60, Optional.of("ErrorsExceeded"))).now()));
  }

  @Test
  void doesNotRegisterWithoutRereadingTheCanaryJob() {
    assertInstanceOf(Hold.class, decide(pass().canaryJobUnknown().now()));
  }

  @Test
  void nothingAbortsOnceProductionWasRegistered() {
    assertInstanceOf(
        Hold.class,
        decide(
            pass()
                .production(promoted(new Rollout.InProgress("1 of 4")))
                .ledger(counted(1_000, 9))
                .definition(new DefinitionSeen.Absent())
                .canaryJob(new CanaryJobSeen.Stopped(60, Optional.of("ErrorsExceeded")))
                .now()));
  }

  @Test
  void promotesTheDeploymentsOwnCanaries() {
    assertEquals(
        new Act(new Action.PromoteDeployment("d1")),
        decide(pass().production(promoted(new Rollout.AwaitingPromotion("d1"))).now()));
  }

  @Test
  void stopsTheCanaryOnlyAfterProductionIsHealthy() {
    assertEquals(
        new Move(DEPLOYED, "production runs the new version, stopping the canary"),
        decide(pass().production(promoted(new Rollout.Successful())).now()));
    assertEquals(
        new Act(new Action.StopCanary(50, "GoalReached")),
        PromoteStep.decide(generation(), DEPLOYED, pass().now()));
  }

  @Test
  void succeedsOnlyWhenTheCanaryIsGone() {
    assertEquals(
        new Move(new Ended(Reason.GOAL_REACHED), "promoted, the canary is gone"),
        PromoteStep.decide(generation(), DEPLOYED, pass().cleanedUp().now()));
  }

  @Test
  void saysSoWhereNothingWasDeployed() {
    var stopsOnly = generation(run(Promotion.Mode.NONE, 0));

    assertEquals(
        new Move(
            new Ended(Reason.GOAL_REACHED),
            "the canary was good and is gone, nothing was deployed"),
        PromoteStep.decide(stopsOnly, DEPLOYED, pass().cleanedUp().now()));
  }

  @Test
  void returnsProductionWhenItsRolloutFails() {
    assertEquals(
        new Move(returning(Reason.PRODUCTION_DEPLOY_FAILED), "unhealthy"),
        decide(
            pass()
                .production(promoted(new Rollout.Failed("unhealthy", Rollout.Cause.UNHEALTHY)))
                .now()));
  }

  @Test
  void returnsProductionWhenThePromotionTakesTooLong() {
    assertEquals(
        new Move(
            new Aborting(
                Reason.PRODUCTION_DEPLOY_FAILED, Optional.of(LATER.plus(Duration.ofMinutes(15)))),
            "the promotion deadline passed: 1 of 4"),
        decide(pass().production(promoted(new Rollout.InProgress("1 of 4"))).at(LATER)));
  }

  @Test
  void doesNotRegisterAgainWhatNomadReverted() {
    assertEquals(
        new Move(returning(Reason.PRODUCTION_DEPLOY_FAILED), "production was reverted: gave up"),
        decide(pass().production(Given.reverted(new Rollout.Successful())).now()));
  }

  @Test
  void whatSomebodyElseRevertedIsTheirs() {
    assertEquals(
        new Move(returning(Reason.PRODUCTION_CHANGED), "production was reverted by somebody else"),
        decide(
            pass()
                .production(
                    Given.reverted(new Rollout.InProgress("0 of 2"), Rollout.Cause.OVERTAKEN))
                .now()));
  }

  @Test
  void leavesSomebodysProductionAlone() {
    assertEquals(
        new Move(returning(Reason.PRODUCTION_CHANGED), "version 4"),
        decide(pass().production(new ProductionSeen.Changed("version 4")).now()));
  }

  @Test
  void endsWhenNomadRefusesTheProductionJob() {
    assertEquals(
        new Move(returning(Reason.JOB_REJECTED), "invalid"),
        decide(pass().refused("invalid").now()));
  }

  private static ProductionSeen promoted(Rollout rollout) {
    return new ProductionSeen.Ours(70, 4, rollout);
  }

  private static Aborting returning(Reason reason) {
    return new Aborting(reason, Optional.of(NOW.plus(Duration.ofMinutes(15))));
  }

  private static Decision decide(Observation seen) {
    return PromoteStep.decide(generation(), PROMOTING, seen);
  }
}
