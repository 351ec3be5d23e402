package io.canaryrun.core.decision;

import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.CanaryJobSpec;
import java.util.Optional;
import java.util.OptionalLong;

/** Rolls production out, follows it until it is healthy, and only then stops the canary. */
final class PromoteStep {
  private PromoteStep() {}

  static Decision decide(Generation generation, Promoting phase, Observation seen) {
    if (phase.deployed()) {
      return switch (generation.mode()) {
        case JOB -> Cleanup.decide(phase.reason(), seen, done(generation));
        case DEPLOYMENT ->
            new Decision.Move(
                new Phase.Ended(phase.reason()), "promoted, production runs the new version");
      };
    }
    return switch (seen.production()) {
      case Seen.Unknown<ProductionSeen>(var problem) ->
          holdUntilDeadline(generation, phase, seen, problem);
      case Seen.Known<ProductionSeen>(var production) ->
          switch (production) {
            case ProductionSeen.AsFrozen _
                when generation.mode() == CanaryJobSpec.Mode.DEPLOYMENT ->
                fail(
                    generation,
                    seen,
                    Reason.PRODUCTION_CHANGED,
                    "the version with the canaries is gone");
            case ProductionSeen.AsFrozen p -> register(generation, phase, seen, p.modifyIndex());
            case ProductionSeen.Ours p -> follow(generation, phase, seen, p.rollout());
            case ProductionSeen.Reverted p -> reverted(generation, seen, p.attempt());
            case ProductionSeen.Withdrawn _ ->
                fail(generation, seen, Reason.PRODUCTION_CHANGED, "production was stopped");
            case ProductionSeen.Changed(var how) ->
                fail(generation, seen, Reason.PRODUCTION_CHANGED, how);
          };
    };
  }

  /** By Nomad itself where the rollout failed, otherwise by somebody. */
  private static Decision reverted(Generation generation, Observation seen, Rollout attempt) {
    return attempt instanceof Rollout.Failed(var why, var cause) && cause != Rollout.Cause.OVERTAKEN
        ? fail(generation, seen, Reason.PRODUCTION_DEPLOY_FAILED, "production was reverted: " + why)
        : fail(
            generation,
            seen,
            Reason.PRODUCTION_CHANGED,
            "production was reverted by somebody else");
  }

  private static String done(Generation generation) {
    return switch (generation.spec().promotion().mode()) {
      case DEPLOY -> "promoted, the canary is gone";
      case NONE -> "the canary was good and is gone, nothing was deployed";
    };
  }

  /** Production is not changed yet: a stop order that was given meanwhile still wins. */
  private static Decision register(
      Generation generation, Promoting phase, Observation seen, long index) {
    if (seen.refusal().isPresent()) {
      return fail(generation, seen, Reason.JOB_REJECTED, seen.refusal().get());
    }
    return switch (seen.canaryJob()) {
      case Seen.Unknown<CanaryJobSeen>(var problem) ->
          holdUntilDeadline(generation, phase, seen, problem);
      case Seen.Known<CanaryJobSeen> _ ->
          Interruption.canaryJob(seen)
              .or(() -> late(generation, phase, seen, "production was not registered"))
              .orElseGet(() -> unlessTaken(generation, phase, seen, index));
    };
  }

  private static Decision unlessTaken(
      Generation generation, Promoting phase, Observation seen, long index) {
    return switch (seen.claim()) {
      case Seen.Unknown<Optional<String>>(var problem) -> Pace.hold("promoting: " + problem);
      case Seen.Known<Optional<String>>(var taken) ->
          taken
              .map(why -> fail(generation, seen, Reason.JOB_REJECTED, why))
              .orElseGet(() -> register(phase, index));
    };
  }

  /** Somebody changed a count: the index that was read now is persisted before it is used. */
  private static Decision register(Promoting phase, long index) {
    return phase.productionIndex().equals(OptionalLong.of(index))
        ? new Decision.Act(new Action.RegisterProduction(index))
        : new Decision.Move(
            new Promoting(phase.deadline(), phase.reason(), OptionalLong.of(index), false),
            "registering production over index " + index);
  }

  private static Decision follow(
      Generation generation, Promoting phase, Observation seen, Rollout rollout) {
    return switch (rollout) {
      case Rollout.Successful _ ->
          new Decision.Move(
              new Promoting(phase.deadline(), phase.reason(), phase.productionIndex(), true),
              switch (generation.mode()) {
                case JOB -> "production runs the new version, stopping the canary";
                case DEPLOYMENT -> "production runs the new version";
              });
      case Rollout.AwaitingPromotion(var deployment) ->
          errors(generation, seen)
              .or(
                  () ->
                      late(generation, phase, seen, "production's own canaries were not promoted"))
              .orElseGet(() -> new Decision.Act(new Action.PromoteDeployment(deployment)));
      case Rollout.Failed(var why, _) ->
          fail(generation, seen, Reason.PRODUCTION_DEPLOY_FAILED, why);
      case Rollout.AwaitingHealth(_, var message) ->
          errors(generation, seen)
              .orElseGet(() -> holdUntilDeadline(generation, phase, seen, message));
      case Rollout.Promoted(var message) -> holdUntilDeadline(generation, phase, seen, message);
      case Rollout.InProgress(var message) -> holdUntilDeadline(generation, phase, seen, message);
    };
  }

  /** In mode {@code deployment}, what is not promoted yet is still a canary. */
  private static Optional<Decision> errors(Generation generation, Observation seen) {
    return generation.mode() == CanaryJobSpec.Mode.DEPLOYMENT
        ? Interruption.errors(generation, seen)
        : Optional.empty();
  }

  private static Decision holdUntilDeadline(
      Generation generation, Promoting phase, Observation seen, String message) {
    return late(generation, phase, seen, message)
        .orElseGet(() -> Pace.hold("promoting: " + message));
  }

  private static Optional<Decision> late(
      Generation generation, Promoting phase, Observation seen, String message) {
    return seen.at().isBefore(phase.deadline())
        ? Optional.empty()
        : Optional.of(
            fail(
                generation,
                seen,
                Reason.PRODUCTION_DEPLOY_FAILED,
                "the promotion deadline passed: " + message));
  }

  private static Decision fail(Generation generation, Observation seen, Reason reason, String why) {
    var returnBy = seen.at().plus(generation.spec().deadlines().promotion());
    return new Decision.Move(new Aborting(reason, Optional.of(returnBy)), why);
  }
}
