package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.gone;
import static io.canaryrun.core.Given.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.Given;
import io.canaryrun.core.decision.Decision.Act;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AbortStepTest {
  private static final Aborting ABORTING = new Aborting(Reason.ERRORS_EXCEEDED, Optional.empty());
  private static final Aborting RETURNING =
      new Aborting(Reason.PRODUCTION_DEPLOY_FAILED, Optional.of(LATER));
  private static final Move ABORTED =
      new Move(new Ended(Reason.ERRORS_EXCEEDED), "the canary is gone");

  @Test
  void stopsTheCanaryForTheReason() {
    assertEquals(
        new Act(new Action.StopCanary(50, "ErrorsExceeded")),
        AbortStep.decide(ABORTING, pass().now()));
  }

  @Test
  void leavesATombstoneWhereNothingWasSubmitted() {
    assertEquals(
        new Act(new Action.StopCanary(0, "ErrorsExceeded")),
        AbortStep.decide(ABORTING, pass().canaryJob(new CanaryJobSeen.Absent()).now()));
  }

  @Test
  void leavesATombstoneOverAnEarlierGenerations() {
    assertEquals(
        new Act(new Action.StopCanary(33, "ErrorsExceeded")),
        AbortStep.decide(ABORTING, pass().canaryJob(new CanaryJobSeen.Earlier(33, 6, true)).now()));
  }

  @Test
  void endsWithoutATombstoneThatNomadRefuses() {
    assertEquals(
        ABORTED,
        AbortStep.decide(
            ABORTING,
            pass().cleanedUp().canaryJob(new CanaryJobSeen.Absent()).refused("invalid").now()));
  }

  @Test
  void leavesSomebodysLiveJobAlone() {
    assertEquals(
        ABORTED,
        AbortStep.decide(
            ABORTING,
            pass()
                .cleanedUp()
                .canaryJob(new CanaryJobSeen.Foreign(33, false, "a script's"))
                .now()));
  }

  @Test
  void endsWhenEverythingIsGone() {
    assertEquals(ABORTED, AbortStep.decide(ABORTING, pass().cleanedUp().now()));
  }

  @Test
  void waitsForTheLastAllocation() {
    assertInstanceOf(
        Hold.class,
        AbortStep.decide(
            ABORTING, pass().cleanedUp().allocations(gone("a"), allocation("b")).now()));
  }

  @Test
  void waitsForTheLastInstanceInConsul() {
    assertInstanceOf(Hold.class, AbortStep.decide(ABORTING, pass().cleanedUp().instances(1).now()));
  }

  @Test
  void missingDataNeverProvesThatNothingIsLeft() {
    assertInstanceOf(
        Hold.class, AbortStep.decide(ABORTING, pass().cleanedUp().allocationsUnknown().now()));
    assertInstanceOf(
        Hold.class, AbortStep.decide(ABORTING, pass().cleanedUp().instancesUnknown().now()));
    assertInstanceOf(
        Hold.class, AbortStep.decide(ABORTING, pass().cleanedUp().canaryJobUnknown().now()));
  }

  @Test
  void returnsProductionFirst() {
    assertEquals(
        new Act(new Action.ReturnProduction(70)),
        AbortStep.decide(
            RETURNING,
            pass()
                .production(
                    new ProductionSeen.Ours(
                        70, 4, new Rollout.Failed("x", Rollout.Cause.UNHEALTHY)))
                .now()));
  }

  @Test
  void waitsUntilReturnedProductionIsHealthy() {
    var returned = Given.reverted(new Rollout.InProgress("1 of 4"));
    assertEquals(
        new Hold(Pace.WAITING, "returning production: 1 of 4"),
        AbortStep.decide(RETURNING, pass().production(returned).at(NOW)));
    assertEquals(
        new Act(new Action.StopCanary(50, "ProductionDeployFailed")),
        AbortStep.decide(RETURNING, pass().production(returned).at(LATER)));
  }

  @Test
  void leavesProductionAloneThatSomebodyChanged() {
    assertEquals(
        new Act(new Action.StopCanary(50, "ProductionDeployFailed")),
        AbortStep.decide(
            RETURNING, pass().production(new ProductionSeen.Changed("version 9")).now()));
  }

  @Test
  void doesNotTouchProductionItHasNotChanged() {
    assertEquals(
        new Act(new Action.StopCanary(50, "ErrorsExceeded")),
        AbortStep.decide(
            ABORTING,
            pass()
                .production(
                    new ProductionSeen.Ours(
                        70, 4, new Rollout.Failed("x", Rollout.Cause.UNHEALTHY)))
                .now()));
  }
}
