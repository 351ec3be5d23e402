package io.canaryrun.core.decision;

import io.canaryrun.core.analysis.Verdict;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.observation.Trouble;
import io.canaryrun.core.phase.Phase.AwaitingApproval;
import io.canaryrun.core.phase.Phase.Observing;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges a canary by the counters of all its allocations.
 *
 * <p>Fails closed: at the deadline, too few requests abort the run; counters that could not be read
 * never count as clean.
 */
final class ObserveStep {
  private ObserveStep() {}

  static Decision decide(Generation generation, Observing phase, Observation seen) {
    return Interruption.errors(generation, seen)
        .or(() -> Interruption.canary(generation, seen))
        .or(() -> production(seen))
        .or(() -> unreadable(generation, seen))
        .or(() -> unhealthy(generation, phase, seen))
        .or(() -> Interruption.beforeDeadline(generation, seen))
        .or(() -> late(phase, seen))
        .or(() -> Closing.decide(generation, phase, seen))
        .or(() -> healthChanged(generation, phase, seen))
        .orElseGet(() -> Pace.hold(standing(generation, phase, seen)));
  }

  private static Optional<Decision> late(Observing phase, Observation seen) {
    return switch (phase) {
      case ObservingCounters(var deadline, _) -> Interruption.deadline(deadline, seen);
      case AwaitingApproval(var deadline, _) ->
          seen.at().isBefore(deadline)
              ? Optional.empty()
              : Interruption.abort(
                  Reason.APPROVAL_DEADLINE_EXCEEDED, "nobody approved by the approval deadline");
    };
  }

  private static String standing(Generation generation, Observing phase, Observation seen) {
    var numbers =
        "%s, %d canaries"
            .formatted(
                Verdict.of(generation.spec().analysis(), seen.ledger()), seen.ledger().healthy());
    if (Closing.promoteAsked(generation, seen).isPresent()) {
      return numbers + ", promoted as soon as every canary is healthy and read";
    }
    return switch (phase) {
      case ObservingCounters _ -> numbers;
      case AwaitingApproval _ ->
          numbers + ", waiting for approval: canary promote " + generation.run();
    };
  }

  private static Optional<Decision> production(Observation seen) {
    return switch (seen.production()) {
      case Seen.Known<ProductionSeen>(ProductionSeen.Changed(var how)) ->
          Interruption.abort(Reason.PRODUCTION_CHANGED, how);
      case Seen.Known<ProductionSeen>(ProductionSeen.AsFrozen _),
          Seen.Known<ProductionSeen>(ProductionSeen.Ours _),
          Seen.Known<ProductionSeen>(ProductionSeen.Reverted _),
          Seen.Known<ProductionSeen>(ProductionSeen.Withdrawn _),
          Seen.Unknown<ProductionSeen> _ ->
          Optional.empty();
    };
  }

  private static Optional<Decision> unreadable(Generation generation, Observation seen) {
    var since = seen.at().minus(generation.spec().counters().unreachableFor());
    return seen.ledger().live().stream()
        .filter(tally -> tally.reads().failingSince().filter(at -> !at.isAfter(since)).isPresent())
        .findFirst()
        .flatMap(
            tally ->
                Interruption.abort(
                    tally.isInconsistent()
                        ? Reason.COUNTERS_INCONSISTENT
                        : Reason.COUNTERS_UNREACHABLE,
                    "%s at %s: %s"
                        .formatted(
                            tally.allocId(),
                            tally.shown().address(),
                            tally.problem().orElse("no read"))));
  }

  private static Optional<Decision> unhealthy(
      Generation generation, Observing phase, Observation seen) {
    var patience = generation.spec().health().deadline();
    return phase
        .unhealthySince()
        .filter(since -> !seen.at().isBefore(since.plus(patience)))
        .filter(_ -> !Closing.enough(generation, seen))
        .flatMap(
            _ ->
                Interruption.abort(
                    Reason.CANARY_UNHEALTHY,
                    "only %d of %d canaries healthy for longer than the health deadline%s%s"
                        .formatted(
                            seen.ledger().healthy(),
                            generation.canaries(),
                            seen.placementProblem()
                                .orElse(Optional.empty())
                                .map(why -> "; " + why)
                                .orElse(""),
                            Trouble.inWords(seen.ledger().troubles()))));
  }

  private static Optional<Decision> healthChanged(
      Generation generation, Observing phase, Observation seen) {
    var enough = Closing.enough(generation, seen);
    if (enough == phase.unhealthySince().isEmpty() || seen.allocations() instanceof Seen.Unknown) {
      return Optional.empty();
    }
    var since = enough ? Optional.<Instant>empty() : Optional.of(seen.at());
    return Optional.of(
        new Decision.Move(
            phase.unhealthySince(since),
            "%d of %d canaries healthy".formatted(seen.ledger().healthy(), generation.canaries())));
  }
}
