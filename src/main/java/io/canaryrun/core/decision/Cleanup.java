package io.canaryrun.core.decision;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase.Ended;
import io.canaryrun.core.phase.Reason;
import java.util.List;

/**
 * Stops the canary, leaves a tombstone that refuses a late submission, and ends the run only when
 * nothing of the canary is left in Nomad or Consul.
 */
final class Cleanup {
  private Cleanup() {}

  static Decision decide(Reason reason, Observation seen, String done) {
    return switch (seen.canaryJob()) {
      case Seen.Unknown<CanaryJobSeen>(var problem) -> Pace.hold(problem);
      case Seen.Known<CanaryJobSeen>(var job) ->
          switch (job) {
            case CanaryJobSeen.Ours(var index) -> stop(index, reason);
            case CanaryJobSeen.Edited(var index) -> stop(index, reason);
            case CanaryJobSeen.Absent _ -> bury(0, reason, seen, done);
            case CanaryJobSeen.Earlier(var index, _, _) -> bury(index, reason, seen, done);
            case CanaryJobSeen.Foreign(var index, var stopped, _) ->
                stopped ? bury(index, reason, seen, done) : verify(reason, seen, done);
            case CanaryJobSeen.Stopped _, CanaryJobSeen.Later _ -> verify(reason, seen, done);
          };
    };
  }

  private static Decision stop(long over, Reason reason) {
    return new Decision.Act(new Action.StopCanary(over, reason.word()));
  }

  /** Where Nomad refuses even the tombstone, it refuses a late submission as well. */
  private static Decision bury(long over, Reason reason, Observation seen, String done) {
    return seen.refusal().isPresent() ? verify(reason, seen, done) : stop(over, reason);
  }

  /** Ends the run once nothing of the canary is left. */
  static Decision verify(Reason reason, Observation seen, String done) {
    return switch (seen.allocations()) {
      case Seen.Unknown<List<AllocationSeen>>(var problem) -> Pace.hold(problem);
      case Seen.Known<List<AllocationSeen>>(var allocations) -> {
        var left = allocations.stream().filter(allocation -> !allocation.isGone()).count();
        yield left > 0
            ? Pace.hold("canary allocations still stopping: %d".formatted(left))
            : verifyInstances(reason, seen, done);
      }
    };
  }

  private static Decision verifyInstances(Reason reason, Observation seen, String done) {
    return switch (seen.instances()) {
      case Seen.Unknown<Integer>(var problem) -> Pace.hold(problem);
      case Seen.Known<Integer>(var left) when left > 0 ->
          Pace.hold("canary instances still registered in Consul: %d".formatted(left));
      case Seen.Known<Integer> _ -> new Decision.Move(new Ended(reason), done);
    };
  }
}
