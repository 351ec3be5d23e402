package io.canaryrun.core.decision;

import io.canaryrun.core.analysis.Verdict;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.observation.Trouble;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import java.time.Instant;
import java.util.Optional;

/** What ends a run before its verdict, whatever it is waiting for. The worst comes first. */
final class Interruption {
  private Interruption() {}

  /** Errors, people, the definition, restarts and the deadline. */
  static Optional<Decision> any(Generation generation, Instant deadline, Observation seen) {
    return beforeDeadline(generation, seen).or(() -> deadline(deadline, seen));
  }

  /** The same but for the deadline. */
  static Optional<Decision> beforeDeadline(Generation generation, Observation seen) {
    return errors(generation, seen)
        .or(() -> person(generation, seen))
        .or(() -> definition(generation, seen))
        .or(() -> restarts(generation, seen));
  }

  static Optional<Decision> errors(Generation generation, Observation seen) {
    var verdict = Verdict.of(generation.spec().analysis(), seen.ledger());
    return verdict.isBad()
        ? abort(
            Reason.ERRORS_EXCEEDED,
            "%s; at most %d are allowed"
                .formatted(verdict, generation.spec().analysis().maxErrors()))
        : Optional.empty();
  }

  private static Optional<Decision> person(Generation generation, Observation seen) {
    return seen.abortAsked()
        .flatMap(why -> abort(Reason.ABORTED_BY_PERSON, why))
        .or(
            () ->
                Commands.asked(Command.Kind.ABORT, generation.number(), seen)
                    .map(command -> aborted(command)));
  }

  private static Decision aborted(Command.Asked command) {
    return new Decision.Move(
        new Phase.Aborting(Reason.ABORTED_BY_PERSON, Optional.empty()),
        "aborted " + command,
        Optional.of(command));
  }

  /** Identical bytes written anew are no new intent. */
  private static Optional<Decision> definition(Generation generation, Observation seen) {
    return switch (seen.definition()) {
      case Seen.Unknown<DefinitionSeen> _ -> Optional.empty();
      case Seen.Known<DefinitionSeen>(DefinitionSeen.Absent _) ->
          abort(Reason.DEFINITION_DELETED, "the definition was deleted");
      case Seen.Known<DefinitionSeen>(DefinitionSeen.Present(var number, var digest))
          when number != generation.number() && !digest.equals(generation.digest()) ->
          abort(Reason.SUPERSEDED, "generation " + number + " of the definition replaces this one");
      case Seen.Known<DefinitionSeen>(DefinitionSeen.Present _) -> Optional.empty();
    };
  }

  private static Optional<Decision> restarts(Generation generation, Observation seen) {
    var restarts = seen.ledger().restarts();
    var allowed = generation.spec().health().maxRestarts();
    return restarts > allowed
        ? abort(
            Reason.CANARY_RESTARTED,
            "restarts and lost or failed allocations: %d, at most %d are allowed%s"
                .formatted(restarts, allowed, Trouble.inWords(seen.ledger().failures())))
        : Optional.empty();
  }

  static Optional<Decision> deadline(Instant deadline, Observation seen) {
    return seen.at().isBefore(deadline)
        ? Optional.empty()
        : abort(Reason.DEADLINE_EXCEEDED, "no verdict by the deadline");
  }

  /** What carries the canaries is not live and ours any more, after it was. */
  static Optional<Decision> canary(Generation generation, Observation seen) {
    return switch (generation.mode()) {
      case JOB -> canaryJob(seen);
      case DEPLOYMENT -> deployment(seen);
    };
  }

  private static Optional<Decision> deployment(Observation seen) {
    return switch (seen.production()) {
      case Seen.Unknown<ProductionSeen> _ -> Optional.empty();
      case Seen.Known<ProductionSeen>(var production) ->
          switch (production) {
            case ProductionSeen.Ours p -> deployment(p.rollout());
            case ProductionSeen.Reverted p ->
                deployment(p.attempt())
                    .or(() -> abort(Reason.PRODUCTION_CHANGED, "production was reverted"));
            case ProductionSeen.AsFrozen _ ->
                abort(Reason.PRODUCTION_CHANGED, "the version with the canaries is gone");
            case ProductionSeen.Withdrawn _ ->
                abort(Reason.PRODUCTION_CHANGED, "production was stopped");
            case ProductionSeen.Changed(var how) -> abort(Reason.PRODUCTION_CHANGED, how);
          };
    };
  }

  private static Optional<Decision> deployment(Rollout rollout) {
    return switch (rollout) {
      case Rollout.InProgress _, Rollout.AwaitingHealth _, Rollout.AwaitingPromotion _ ->
          Optional.empty();
      case Rollout.Promoted _, Rollout.Successful _ ->
          abort(Reason.PRODUCTION_CHANGED, "the canaries were promoted in Nomad by somebody else");
      case Rollout.Failed(var why, var cause) ->
          switch (cause) {
            case UNHEALTHY -> abort(Reason.CANARY_UNHEALTHY, why);
            case STOPPED -> abort(Reason.CANARY_STOPPED, why);
            case OVERTAKEN -> abort(Reason.PRODUCTION_CHANGED, why);
          };
    };
  }

  static Optional<Decision> canaryJob(Observation seen) {
    return switch (seen.canaryJob()) {
      case Seen.Unknown<CanaryJobSeen> _ -> Optional.empty();
      case Seen.Known<CanaryJobSeen>(var job) ->
          switch (job) {
            case CanaryJobSeen.Ours _ -> Optional.empty();
            case CanaryJobSeen.Stopped(_, var why) -> stopped(why);
            case CanaryJobSeen.Absent _ ->
                abort(Reason.CANARY_STOPPED, "the canary job was removed from Nomad");
            case CanaryJobSeen.Edited _ ->
                abort(Reason.CANARY_STOPPED, "the canary job was edited in Nomad");
            case CanaryJobSeen.Earlier(_, var number, _) ->
                abort(Reason.CANARY_STOPPED, "the canary job is that of generation " + number);
            case CanaryJobSeen.Later(var number) -> later(number);
            case CanaryJobSeen.Foreign(_, _, var whose) ->
                abort(Reason.CANARY_STOPPED, "the canary job was replaced by " + whose);
          };
    };
  }

  /** KV was restored from an older state; what is newer is left alone. */
  static Optional<Decision> later(long number) {
    return abort(
        Reason.SUPERSEDED, "Nomad already has generation " + number + " of the canary job");
  }

  /** A stop order's own reason is the reason; a stop without one was a person's. */
  static Optional<Decision> stopped(Optional<String> why) {
    return why.flatMap(Reason::of)
        .filter(reason -> reason.outcome() != Outcome.SUCCEEDED)
        .map(reason -> abort(reason, "the canary was stopped: " + reason.word()))
        .orElseGet(() -> abort(Reason.CANARY_STOPPED, "the canary job was stopped in Nomad"));
  }

  static Optional<Decision> abort(Reason reason, String why) {
    return Optional.of(new Decision.Move(new Phase.Aborting(reason, Optional.empty()), why));
  }
}
