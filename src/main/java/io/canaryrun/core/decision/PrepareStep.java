package io.canaryrun.core.decision;

import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;

/** Freezes what the generation means; from here a run may still end with nothing to clean up. */
final class PrepareStep {
  private PrepareStep() {}

  static Decision decide(Observation seen) {
    if (seen.definition() instanceof Seen.Known<DefinitionSeen>(DefinitionSeen.Absent _)) {
      return end(Reason.DEFINITION_DELETED, "the definition was deleted before anything was done");
    }
    return switch (seen.preparation()) {
      case Seen.Unknown<Preparation>(var problem) -> Pace.hold(problem);
      case Seen.Known<Preparation>(Preparation.Refused(var reason, var why)) -> end(reason, why);
      case Seen.Known<Preparation>(Preparation.Leftover(var job)) ->
          new Decision.Act(new Action.StopLeftover(job));
      case Seen.Known<Preparation>(Preparation.Ready(var generation)) ->
          new Decision.Freeze(
              generation,
              new Phase.SubmittingJob(seen.at().plus(generation.spec().deadlines().verdict())),
              "submitting job " + generation.canaryJob().id());
    };
  }

  private static Decision end(Reason reason, String why) {
    return new Decision.Move(new Phase.Ended(reason), why);
  }
}
