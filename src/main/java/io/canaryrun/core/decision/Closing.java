package io.canaryrun.core.decision;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.analysis.Verdict;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase.AwaitingApproval;
import io.canaryrun.core.phase.Phase.Observing;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.core.spec.Promotion;
import io.canaryrun.core.spec.Promotion.Approval;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What follows a good verdict or a person's promote command: both need the closing sweep, a read of
 * every live canary in one pass. Missing data never promotes.
 */
final class Closing {
  private Closing() {}

  /** Empty: it is not time yet. */
  static Optional<Decision> decide(Generation generation, Observing phase, Observation seen) {
    var verdict = Verdict.of(generation.spec().analysis(), seen.ledger());
    var asked = promoteAsked(generation, seen);
    var good = verdict.finding() == Verdict.Finding.GOOD;
    if (verdict.isBad() || !(good || asked.isPresent()) || !isSwept(generation, seen)) {
      return Optional.empty();
    }
    if (asked.isPresent()) {
      var reason =
          phase instanceof AwaitingApproval ? Reason.GOAL_REACHED : Reason.PROMOTED_BY_PERSON;
      return promote(generation, seen, reason, "promoted %s; %s".formatted(asked.get(), verdict))
          .map(move -> new Decision.Move(move.to(), move.why(), Optional.of(asked.get())));
    }
    if (phase instanceof AwaitingApproval) {
      return Optional.empty();
    }
    return generation.spec().promotion().approval() == Approval.MANUAL
        ? Optional.of(await(generation, seen, verdict))
        : promote(generation, seen, Reason.GOAL_REACHED, verdict.toString()).map(move -> move);
  }

  static Optional<Command.Asked> promoteAsked(Generation generation, Observation seen) {
    return Commands.asked(Command.Kind.PROMOTE, generation.number(), seen);
  }

  private static Decision await(Generation generation, Observation seen, Verdict verdict) {
    var until = seen.at().plus(generation.spec().deadlines().approval());
    return new Decision.Move(
        new AwaitingApproval(until, Optional.empty()),
        "%s; waiting for approval until %s: canary promote %s"
            .formatted(verdict, until.truncatedTo(ChronoUnit.SECONDS), generation.run()));
  }

  private static Optional<Decision.Move> promote(
      Generation generation, Observation seen, Reason reason, String why) {
    var deadline = seen.at().plus(generation.spec().deadlines().promotion());
    var deploys = generation.spec().promotion().mode() == Promotion.Mode.DEPLOY;
    if (!deploys || generation.mode() == CanaryJobSpec.Mode.DEPLOYMENT) {
      var to = new Promoting(deadline, reason, OptionalLong.empty(), !deploys);
      return Optional.of(new Decision.Move(to, why));
    }
    return seen.production() instanceof Seen.Known<ProductionSeen>(ProductionSeen.AsFrozen p)
        ? Optional.of(
            new Decision.Move(
                new Promoting(deadline, reason, OptionalLong.of(p.modifyIndex()), false), why))
        : Optional.empty();
  }

  static boolean enough(Generation generation, Observation seen) {
    return seen.ledger().healthy() >= generation.canaries();
  }

  /** The canary is live, enough canaries are healthy, and every live one was read in this pass. */
  private static boolean isSwept(Generation generation, Observation seen) {
    return isLive(generation, seen)
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

  private static boolean isLive(Generation generation, Observation seen) {
    return switch (generation.mode()) {
      case JOB -> seen.canaryJob() instanceof Seen.Known<CanaryJobSeen>(CanaryJobSeen.Ours _);
      case DEPLOYMENT ->
          seen.production() instanceof Seen.Known<ProductionSeen>(ProductionSeen.Ours p)
              && p.rollout() instanceof Rollout.AwaitingPromotion;
    };
  }

  private static boolean wasReadInThisPass(CanaryTally tally, Observation seen) {
    return tally.reads().failingSince().isEmpty()
        && tally.reads().lastAt().filter(at -> !at.isBefore(seen.at())).isPresent();
  }
}
