package io.canaryrun.core.decision;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.analysis.Verdict;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Judges a canary by the counters of all its allocations.
 *
 * <p>Fails closed: at the deadline, too few requests abort the run; counters that could not be read
 * never count as clean.
 */
final class ObserveStep {
  private ObserveStep() {}

  static Decision decide(Generation generation, ObservingCounters phase, Observation seen) {
    return Interruption.errors(generation, seen)
        .or(() -> Interruption.canaryJob(seen))
        .or(() -> production(seen))
        .or(() -> unreadable(generation, seen))
        .or(() -> unhealthy(generation, phase, seen))
        .or(() -> Interruption.any(generation, phase.deadline(), seen))
        .or(() -> good(generation, seen))
        .or(() -> healthChanged(generation, phase, seen))
        .orElseGet(
            () ->
                Pace.hold(
                    "%s, %d canaries"
                        .formatted(
                            Verdict.of(generation.spec().analysis(), seen.ledger()),
                            seen.ledger().healthy())));
  }

  private static Optional<Decision> production(Observation seen) {
    return switch (seen.production()) {
      case Seen.Known<ProductionSeen>(ProductionSeen.Changed(var how)) ->
          Interruption.abort(Reason.PRODUCTION_CHANGED, how);
      case Seen.Known<ProductionSeen>(ProductionSeen.AsFrozen _),
          Seen.Known<ProductionSeen>(ProductionSeen.Promoted _),
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
      Generation generation, ObservingCounters phase, Observation seen) {
    var patience = generation.spec().health().deadline();
    return phase
        .unhealthySince()
        .filter(since -> !seen.at().isBefore(since.plus(patience)))
        .filter(_ -> !enough(generation, seen))
        .flatMap(
            _ ->
                Interruption.abort(
                    Reason.CANARY_UNHEALTHY,
                    "%d of %d canaries healthy for too long"
                        .formatted(seen.ledger().healthy(), generation.canaries())));
  }

  private static boolean enough(Generation generation, Observation seen) {
    return seen.ledger().healthy() >= generation.canaries();
  }

  private static Optional<Decision> healthChanged(
      Generation generation, ObservingCounters phase, Observation seen) {
    var enough = enough(generation, seen);
    if (enough == phase.unhealthySince().isEmpty() || seen.allocations() instanceof Seen.Unknown) {
      return Optional.empty();
    }
    var since = enough ? Optional.<Instant>empty() : Optional.of(seen.at());
    return Optional.of(
        new Decision.Move(
            new ObservingCounters(phase.deadline(), since),
            "%d of %d canaries healthy".formatted(seen.ledger().healthy(), generation.canaries())));
  }

  private static Optional<Decision> good(Generation generation, Observation seen) {
    var verdict = Verdict.of(generation.spec().analysis(), seen.ledger());
    if (verdict.finding() != Verdict.Finding.GOOD || !isCompleteSweep(generation, seen)) {
      return Optional.empty();
    }
    var deadline = seen.at().plus(generation.spec().deadlines().promotion());
    return switch (generation.spec().promotion().mode()) {
      case NONE -> promote(verdict, deadline, OptionalLong.empty());
      case DEPLOY ->
          seen.production() instanceof Seen.Known<ProductionSeen>(ProductionSeen.AsFrozen p)
              ? promote(verdict, deadline, OptionalLong.of(p.modifyIndex()))
              : Optional.empty();
    };
  }

  private static Optional<Decision> promote(
      Verdict verdict, Instant deadline, OptionalLong productionIndex) {
    return Optional.of(
        new Decision.Move(
            new Promoting(
                deadline, Reason.GOAL_REACHED, productionIndex, productionIndex.isEmpty()),
            verdict.toString()));
  }

  /**
   * The canary is live, enough canaries are healthy, and every live one was read in this very pass.
   * Missing data never promotes.
   */
  private static boolean isCompleteSweep(Generation generation, Observation seen) {
    return seen.canaryJob() instanceof Seen.Known<CanaryJobSeen>(CanaryJobSeen.Ours _)
        && seen.allocations() instanceof Seen.Known<List<AllocationSeen>>(var allocations)
        && enough(generation, seen)
        && allocations.stream()
            .filter(AllocationSeen::isLive)
            .allMatch(
                allocation ->
                    seen.ledger()
                        .tally(allocation.allocId())
                        .filter(tally -> wasReadInThisPass(tally, seen))
                        .isPresent());
  }

  private static boolean wasReadInThisPass(CanaryTally tally, Observation seen) {
    return tally.reads().failingSince().isEmpty()
        && tally.reads().lastAt().filter(at -> !at.isBefore(seen.at())).isPresent();
  }
}
