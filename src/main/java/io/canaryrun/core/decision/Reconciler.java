package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.phase.Phase;

/** Decides the one next thing to do in a run; a pure function of what was persisted and seen. */
public final class Reconciler {
  private Reconciler() {}

  /**
   * @param generation which the phase is about
   * @param phase as persisted
   * @param paused as persisted: only what ends the run is done
   */
  public static Decision decide(long generation, Phase phase, boolean paused, Observation seen) {
    var decision = step(generation, phase, seen);
    var ends = decision instanceof Decision.Move(var to, _, _) && to.isEnding();
    if (ends || !takesCommands(phase)) {
      return decision;
    }
    return Commands.answer(generation, phase, paused, seen)
        .orElseGet(() -> paused ? Commands.held(phase, decision) : decision);
  }

  /** What is asked for earlier waits until a deadline runs, what is asked for later for the end. */
  private static boolean takesCommands(Phase phase) {
    return switch (phase) {
      case Phase.SubmittingJob _, Phase.WaitingHealthy _, Phase.Observing _ -> true;
      case Phase.Pending _, Phase.Promoting _, Phase.Aborting _, Phase.Ended _ -> false;
    };
  }

  private static Decision step(long generation, Phase phase, Observation seen) {
    if (seen.generation().isEmpty() && !(phase instanceof Phase.Pending) && !phase.isTerminal()) {
      return LostStep.decide(phase, seen);
    }
    return switch (phase) { // No default: a new phase must not compile until handled.
      case Phase.Pending _ -> PrepareStep.decide(generation, seen);
      case Phase.SubmittingJob p -> SubmitStep.decide(frozen(seen), p, seen);
      case Phase.WaitingHealthy p -> HealthStep.decide(frozen(seen), p, seen);
      case Phase.Observing p -> ObserveStep.decide(frozen(seen), p, seen);
      case Phase.Promoting p -> PromoteStep.decide(frozen(seen), p, seen);
      case Phase.Aborting p ->
          switch (frozen(seen).mode()) {
            case JOB -> AbortStep.decide(p, seen);
            case DEPLOYMENT -> ReturnStep.decide(frozen(seen), p, seen);
          };
      case Phase.Ended _ -> new Decision.Done();
    };
  }

  private static Generation frozen(Observation seen) {
    return seen.generation().orElseThrow();
  }
}
