package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Generation;
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
    return switch (seen.preparation()) {
      case Seen.Known<Preparation>(var preparation) when wasBegun(preparation) ->
          decide(preparation, seen);
      case Seen.Known<Preparation>(var preparation) ->
          interruption(generation, seen).orElseGet(() -> decide(preparation, seen));
      case Seen.Unknown<Preparation>(var problem) -> Pace.hold(problem); // Frozen before, perhaps.
    };
  }

  /** Somebody took the record away: what was begun is ended, whatever else happens. */
  private static boolean wasBegun(Preparation preparation) {
    return preparation instanceof Preparation.Frozen || preparation instanceof Preparation.Lost;
  }

  private static Optional<Decision> interruption(long generation, Observation seen) {
    if (seen.definition() instanceof Seen.Known<DefinitionSeen>(DefinitionSeen.Absent _)) {
      return Optional.of(
          end(Reason.DEFINITION_DELETED, "the definition was deleted before anything was done"));
    }
    if (seen.definition()
            instanceof Seen.Known<DefinitionSeen>(DefinitionSeen.Present(var number, _))
        && number != generation) {
      return Optional.of(
          end(Reason.SUPERSEDED, "generation " + number + " of the definition replaces this one"));
    }
    if (seen.abortAsked().isPresent()) {
      return Optional.of(end(Reason.ABORTED_BY_PERSON, seen.abortAsked().get()));
    }
    return Commands.asked(Command.Kind.ABORT, generation, seen)
        .map(
            abort ->
                new Decision.Move(
                    new Phase.Ended(Reason.ABORTED_BY_PERSON),
                    "aborted " + abort,
                    Optional.of(abort)));
  }

  private static Decision decide(Preparation preparation, Observation seen) {
    return switch (preparation) {
      case Preparation.Frozen(var before) -> takeBack(before, seen);
      case Preparation.Unresolved(var problem) -> Pace.hold(problem);
      case Preparation.Refused(var reason, var why) -> end(reason, why);
      case Preparation.Leftover(var target, var job, var why) ->
          new Decision.Act(new Action.StopLeftover(target, job, why));
      case Preparation.LeftoverCanaries(var ended) ->
          new Decision.Act(new Action.ReturnLeftover(ended));
      case Preparation.Lost(var remains) -> LostStep.decide(Reason.ABORTED_BY_PERSON, remains);
      case Preparation.Ready(var ready) ->
          new Decision.Freeze(
              ready,
              new Phase.SubmittingJob(seen.at().plus(ready.spec().deadlines().verdict())),
              "submitting job " + ready.canaryJob().id());
    };
  }

  /**
   * What had been counted is lost, an error perhaps among it: nothing may be concluded any more.
   */
  private static Decision takeBack(Generation before, Observation seen) {
    var returnBy = seen.at().plus(before.spec().deadlines().promotion());
    return new Decision.Move(
        new Phase.Aborting(Reason.ABORTED_BY_PERSON, Optional.of(returnBy)),
        "the status was removed or written over by hand, and with it what had been counted");
  }

  private static Decision end(Reason reason, String why) {
    return new Decision.Move(new Phase.Ended(reason), why);
  }
}
