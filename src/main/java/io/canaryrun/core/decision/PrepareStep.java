package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import java.util.Optional;

/** Freezes what the generation means; from here a run may still end with nothing to clean up. */
final class PrepareStep {
  private PrepareStep() {}

  static Decision decide(long generation, Observation seen) {
    if (seen.definition() instanceof Seen.Known<DefinitionSeen>(DefinitionSeen.Absent _)) {
      return end(Reason.DEFINITION_DELETED, "the definition was deleted before anything was done");
    }
    if (seen.definition()
            instanceof Seen.Known<DefinitionSeen>(DefinitionSeen.Present(var number, _))
        && number != generation) {
      return end(
          Reason.SUPERSEDED, "generation " + number + " of the definition replaces this one");
    }
    if (seen.abortAsked().isPresent()) {
      return end(Reason.ABORTED_BY_PERSON, seen.abortAsked().get());
    }
    var abort = Commands.asked(Command.Kind.ABORT, generation, seen);
    if (abort.isPresent()) {
      return new Decision.Move(
          new Phase.Ended(Reason.ABORTED_BY_PERSON),
          "aborted " + abort.get(),
          Optional.of(abort.get()));
    }
    return switch (seen.preparation()) {
      case Seen.Unknown<Preparation>(var problem) -> Pace.hold(problem);
      case Seen.Known<Preparation>(Preparation.Refused(var reason, var why)) -> end(reason, why);
      case Seen.Known<Preparation>(Preparation.Leftover(var target, var job)) ->
          new Decision.Act(new Action.StopLeftover(target, job));
      case Seen.Known<Preparation>(Preparation.LeftoverCanaries(var ended)) ->
          new Decision.Act(new Action.ReturnLeftover(ended));
      case Seen.Known<Preparation>(Preparation.Ready(var ready)) ->
          new Decision.Freeze(
              ready,
              new Phase.SubmittingJob(seen.at().plus(ready.spec().deadlines().verdict())),
              "submitting job " + ready.canaryJob().id());
    };
  }

  private static Decision end(Reason reason, String why) {
    return new Decision.Move(new Phase.Ended(reason), why);
  }
}
