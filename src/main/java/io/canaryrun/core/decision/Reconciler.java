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
   */
  public static Decision decide(long generation, Phase phase, Observation seen) {
    return switch (phase) { // No default: a new phase must not compile until handled.
      case Phase.Pending _ -> PrepareStep.decide(generation, seen);
      case Phase.SubmittingJob p -> SubmitStep.decide(frozen(seen), p, seen);
      case Phase.WaitingHealthy p -> HealthStep.decide(frozen(seen), p, seen);
      case Phase.ObservingCounters p -> ObserveStep.decide(frozen(seen), p, seen);
      case Phase.AwaitingApproval _ ->
          throw new IllegalStateException("manual approval is not supported yet");
      case Phase.Promoting p -> PromoteStep.decide(frozen(seen), p, seen);
      case Phase.Aborting p -> AbortStep.decide(p, seen);
      case Phase.Ended _ -> new Decision.Done();
    };
  }

  private static Generation frozen(Observation seen) {
    return seen.generation().orElseThrow();
  }
}
