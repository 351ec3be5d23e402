package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Aborts in mode {@code deployment}: fails the deployment, makes the stable version the current one
 * again, and verifies that no canary is left. What somebody else made of production stays.
 */
final class ReturnStep {
  private ReturnStep() {}

  static Decision decide(Generation generation, Aborting phase, Observation seen) {
    if (phase.returnBy().isEmpty()) {
      var by = seen.at().plus(generation.spec().deadlines().promotion());
      return new Decision.Move(
          new Aborting(phase.reason(), Optional.of(by)), "taking the canaries back");
    }
    return switch (seen.production()) {
      case Seen.Unknown<ProductionSeen>(var problem) -> Pace.hold(problem);
      case Seen.Known<ProductionSeen>(var production) ->
          decide(phase.reason(), phase.returnBy().get(), seen, production);
    };
  }

  private static Decision decide(
      Reason reason, Instant until, Observation seen, ProductionSeen production) {
    return switch (production) {
      case ProductionSeen.Ours p -> takeBack(reason, p);
      case ProductionSeen.Reverted p ->
          AbortStep.settle(p.rollout(), until, seen)
              .orElseGet(
                  () ->
                      Cleanup.verify(
                          reason, seen, "production is as it was, in version " + p.version()));
      case ProductionSeen.AsFrozen _ -> Cleanup.verify(reason, seen, "production was not changed");
      case ProductionSeen.Withdrawn _ -> Cleanup.verify(reason, seen, "production is stopped");
      case ProductionSeen.Changed(var how) ->
          Cleanup.verify(reason, seen, "production is left alone: " + how);
    };
  }

  private static Decision takeBack(Reason reason, ProductionSeen.Ours ours) {
    return switch (ours.rollout()) {
      case Rollout.AwaitingHealth(var id, _) -> fail(id);
      case Rollout.AwaitingPromotion(var id) -> fail(id);
      case Rollout.InProgress _, Rollout.Failed _ -> giveBack(ours);
      case Rollout.Promoted _, Rollout.Successful _ ->
          reason == Reason.PRODUCTION_DEPLOY_FAILED ? giveBack(ours) : leave(reason);
    };
  }

  private static Decision fail(String deploymentId) {
    return new Decision.Act(new Action.FailDeployment(deploymentId));
  }

  private static Decision giveBack(ProductionSeen.Ours ours) {
    return new Decision.Act(new Action.ReturnProduction(ours.modifyIndex()));
  }

  /** They are canaries no more. */
  private static Decision leave(Reason reason) {
    return new Decision.Move(
        new Ended(reason), "production is left alone: its canaries have been promoted");
  }
}
