package io.canaryrun.core.decision;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.observation.Trouble;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Phase.WaitingHealthy;
import io.canaryrun.core.phase.Reason;
import java.util.List;
import java.util.Optional;

/** Waits until enough canaries have been healthy for long enough. */
final class HealthStep {
  private HealthStep() {}

  static Decision decide(Generation generation, WaitingHealthy phase, Observation seen) {
    return Interruption.errors(generation, seen)
        .or(() -> Interruption.canary(generation, seen))
        .or(() -> Interruption.any(generation, phase.deadline(), seen))
        .orElseGet(
            () ->
                switch (seen.allocations()) {
                  case Seen.Unknown<List<AllocationSeen>>(var problem) ->
                      late(generation, phase, seen).orElseGet(() -> Pace.hold(problem));
                  case Seen.Known<List<AllocationSeen>> _ -> judge(generation, phase, seen);
                });
  }

  private static Decision judge(Generation generation, WaitingHealthy phase, Observation seen) {
    var healthy = seen.ledger().healthy();
    var enough = healthy >= generation.canaries();
    if (!enough) {
      return late(generation, phase, seen)
          .orElseGet(
              () ->
                  phase.healthySince().isPresent()
                      ? since(phase, Optional.empty(), seen)
                      : Pace.hold(
                          "%d of %d canaries healthy".formatted(healthy, generation.canaries())));
    }
    if (phase.healthySince().isEmpty()) {
      return since(phase, Optional.of(seen.at()), seen);
    }
    var stableFor = generation.spec().health().stableFor();
    if (!seen.at().isBefore(phase.healthySince().get().plus(stableFor))) {
      return new Decision.Move(
          new ObservingCounters(phase.deadline(), Optional.empty()),
          healthy + " canaries are healthy, observing their counters");
    }
    return Pace.hold("%d canaries healthy, not yet for long enough".formatted(healthy));
  }

  private static Decision since(
      WaitingHealthy phase, Optional<java.time.Instant> since, Observation seen) {
    return new Decision.Move(
        new WaitingHealthy(phase.deadline(), phase.healthyBy(), since),
        seen.ledger().healthy() + " canaries are healthy");
  }

  /** Too late: because there was no place for them, or because they did not become healthy. */
  private static Optional<Decision> late(
      Generation generation, WaitingHealthy phase, Observation seen) {
    if (seen.at().isBefore(phase.healthyBy())) {
      return Optional.empty();
    }
    var placement = seen.placementProblem().orElse(Optional.empty());
    if (placement.isPresent() && seen.ledger().live().size() < generation.canaries()) {
      return Interruption.abort(
          Reason.PLACEMENT_FAILED,
          "%d of %d canaries placed; %s%s"
              .formatted(
                  seen.ledger().live().size(),
                  generation.canaries(),
                  placement.get(),
                  Trouble.inWords(seen.ledger().troubles())));
    }
    return Interruption.abort(
        Reason.CANARY_UNHEALTHY,
        "%d of %d canaries healthy by the health deadline%s"
            .formatted(
                seen.ledger().healthy(),
                generation.canaries(),
                Trouble.inWords(seen.ledger().troubles())));
  }
}
