package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;

/**
 * Ends a run whose frozen generation was removed or written over by hand: what it meant is not
 * known any more, so the canaries are stopped and production is left as it is.
 */
final class LostStep {
  private LostStep() {}

  static Decision decide(Phase phase, Observation seen) {
    return switch (seen.remains()) {
      case Seen.Unknown<Remains>(var problem) -> Pace.hold(problem);
      case Seen.Known<Remains>(var left) -> decide(reason(phase), left);
    };
  }

  /** A reason that was persisted on entering {@code Aborting} never changes. */
  private static Reason reason(Phase phase) {
    return phase instanceof Phase.Aborting(var reason, _) ? reason : Reason.ABORTED_BY_PERSON;
  }

  static Decision decide(Reason reason, Remains left) {
    if (left.canaryJob().isPresent()) {
      return new Decision.Act(
          new Action.StopLeftover(left.target(), left.canaryJob().get(), reason));
    }
    if (left.unpromoted().isPresent()) {
      return new Decision.Act(new Action.FailLeftover(left.target(), left.unpromoted().get()));
    }
    if (left.allocations() > 0) {
      return Pace.hold("canary allocations still stopping: %d".formatted(left.allocations()));
    }
    if (left.instances() > 0) {
      return Pace.hold(
          "canary instances still registered in Consul: %d".formatted(left.instances()));
    }
    return new Decision.Move(
        new Phase.Ended(reason),
        "the frozen generation was removed or written over by hand; its canaries are gone,"
            + " production is left as it is");
  }
}
