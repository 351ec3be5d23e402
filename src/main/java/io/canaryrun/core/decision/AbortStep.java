package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase.Aborting;
import java.time.Instant;
import java.util.Optional;

/** Returns production where this run changed it, stops the canary, and verifies both. */
final class AbortStep {
  private AbortStep() {}

  static Decision decide(Aborting phase, Observation seen) {
    return phase
        .returnBy()
        .flatMap(until -> returnProduction(until, seen))
        .orElseGet(() -> Cleanup.decide(phase.reason(), seen, "the canary is gone"));
  }

  /** Empty: production is not this run's, or is returned as far as it can be. */
  private static Optional<Decision> returnProduction(Instant until, Observation seen) {
    return switch (seen.production()) {
      case Seen.Unknown<ProductionSeen>(var problem) -> Optional.of(Pace.hold(problem));
      case Seen.Known<ProductionSeen>(var production) ->
          switch (production) {
            case ProductionSeen.Ours p ->
                Optional.of(new Decision.Act(new Action.ReturnProduction(p.modifyIndex())));
            case ProductionSeen.AsFrozen p -> settle(p.rollout(), until, seen);
            case ProductionSeen.Reverted p -> settle(p.rollout(), until, seen);
            case ProductionSeen.Withdrawn _, ProductionSeen.Changed _ -> Optional.empty();
          };
    };
  }

  /** Empty: it is settled, or has had its time. */
  static Optional<Decision> settle(Rollout rollout, Instant until, Observation seen) {
    if (!seen.at().isBefore(until)) {
      return Optional.empty();
    }
    return switch (rollout) {
      case Rollout.Successful _, Rollout.Failed _ -> Optional.empty();
      case Rollout.InProgress(var message) -> returning(message);
      case Rollout.AwaitingHealth(_, var message) -> returning(message);
      case Rollout.Promoted(var message) -> returning(message);
      case Rollout.AwaitingPromotion(var deployment) ->
          Optional.of(new Decision.Act(new Action.PromoteDeployment(deployment)));
    };
  }

  private static Optional<Decision> returning(String message) {
    return Optional.of(Pace.hold("returning production: " + message));
  }
}
