package io.canaryrun.core.decision;

import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase.SubmittingJob;
import io.canaryrun.core.phase.Phase.WaitingHealthy;
import io.canaryrun.core.phase.Reason;
import java.util.Optional;

/** Registers the canary job, once, until it is seen to be there. */
final class SubmitStep {
  private SubmitStep() {}

  static Decision decide(Generation generation, SubmittingJob phase, Observation seen) {
    return Interruption.any(generation, phase.deadline(), seen)
        .orElseGet(
            () ->
                switch (generation.mode()) {
                  case JOB -> job(generation, phase, seen);
                  case DEPLOYMENT -> deployment(generation, phase, seen);
                });
  }

  private static Decision deployment(Generation generation, SubmittingJob phase, Observation seen) {
    return switch (seen.production()) {
      case Seen.Unknown<ProductionSeen>(var problem) -> Pace.hold(problem);
      case Seen.Known<ProductionSeen>(ProductionSeen.AsFrozen p) -> submit(p.modifyIndex(), seen);
      case Seen.Known<ProductionSeen>(ProductionSeen.Ours _) -> submitted(generation, phase, seen);
      case Seen.Known<ProductionSeen> _ -> Interruption.canary(generation, seen).orElseThrow();
    };
  }

  private static Decision job(Generation generation, SubmittingJob phase, Observation seen) {
    return switch (seen.canaryJob()) {
      case Seen.Unknown<CanaryJobSeen>(var problem) -> Pace.hold(problem);
      case Seen.Known<CanaryJobSeen>(var job) -> decide(generation, phase, seen, job);
    };
  }

  private static Decision decide(
      Generation generation, SubmittingJob phase, Observation seen, CanaryJobSeen job) {
    return switch (job) {
      case CanaryJobSeen.Ours _ -> submitted(generation, phase, seen);
      case CanaryJobSeen.Absent _ -> submit(0, seen);
      case CanaryJobSeen.Earlier(var index, _, var stopped) when stopped -> submit(index, seen);
      case CanaryJobSeen.Foreign(var index, var stopped, _) when stopped -> submit(index, seen);
      case CanaryJobSeen.Earlier(_, var number, _) ->
          rejected("generation %d of this run is still live in Nomad".formatted(number));
      case CanaryJobSeen.Foreign(_, _, var whose) ->
          rejected("job %s is %s".formatted(generation.canaryJob().id(), whose));
      case CanaryJobSeen.Edited _ -> Interruption.canaryJob(seen).orElseThrow();
      case CanaryJobSeen.Stopped(_, var why) -> Interruption.stopped(why).orElseThrow();
      case CanaryJobSeen.Later(var number) -> Interruption.later(number).orElseThrow();
    };
  }

  private static Decision submit(long over, Observation seen) {
    if (seen.refusal().isPresent()) {
      return rejected(seen.refusal().get());
    }
    return switch (seen.claim()) {
      case Seen.Unknown<Optional<String>>(var problem) -> Pace.hold(problem);
      case Seen.Known<Optional<String>>(var taken) ->
          taken
              .map(SubmitStep::rejected)
              .orElseGet(() -> new Decision.Act(new Action.SubmitCanary(over)));
    };
  }

  private static Decision rejected(String why) {
    return Interruption.abort(Reason.JOB_REJECTED, why).orElseThrow();
  }

  private static Decision submitted(Generation generation, SubmittingJob phase, Observation seen) {
    var healthyBy = seen.at().plus(generation.spec().health().deadline());
    return new Decision.Move(
        new WaitingHealthy(phase.deadline(), healthyBy, Optional.empty()),
        "job %s is registered, waiting for %d healthy canaries"
            .formatted(generation.canaryJob().id(), generation.canaries()));
  }
}
