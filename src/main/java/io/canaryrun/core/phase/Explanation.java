package io.canaryrun.core.phase;

import static java.util.Locale.ROOT;

import io.canaryrun.core.spec.Analysis;
import java.util.Optional;

/** Why a run ends, or ended, as it does: one sentence with its numbers. */
public final class Explanation {
  private Explanation() {}

  /** Empty: nothing is decided yet. */
  public static Optional<String> of(RunStatus status) {
    return status.phase().endReason().map(reason -> of(reason, status));
  }

  private static String of(Reason reason, RunStatus status) {
    return switch (reason) { // No default: a new reason must not compile until it is explained.
      case GOAL_REACHED -> sentence(goalReached(status));
      case PROMOTED_BY_PERSON ->
          sentence(
              String.format(
                  ROOT,
                  "%s because a person said so, after %,d of %,d requests with %s",
                  promoted(status),
                  status.ledger().requests(),
                  status.goal(),
                  count(status.ledger().errors(), "error")));
      case ERRORS_EXCEEDED -> sentence(errorsExceeded(status));
      case DEADLINE_EXCEEDED -> sentence(deadlineExceeded(status));
      case CANARY_UNHEALTHY -> quoting(status, "the canaries were not healthy");
      case CANARY_RESTARTED ->
          quoting(status, "canaries restarted, failed or were lost more often than is allowed");
      case COUNTERS_UNREACHABLE -> quoting(status, "a canary's counters could not be read");
      case COUNTERS_INCONSISTENT ->
          quoting(status, "a canary's counters fell without a restart, so that they prove nothing");
      case ABORTED_BY_PERSON -> quoting(status, "a person asked for it");
      case CANARY_STOPPED -> quoting(status, "somebody else ended the canary in Nomad");
      case DEFINITION_DELETED -> quoting(status, "nobody wants it any more");
      case APPROVAL_DEADLINE_EXCEEDED ->
          sentence(
              String.format(
                  ROOT,
                  "%s because nobody approved in time of %s",
                  ending(status),
                  evidence(status)));
      case SUPERSEDED -> quoting(status, "something newer took its place");
      case PRODUCTION_CHANGED -> quoting(status, "somebody else changed production");
      case JOB_REJECTED -> quoting(status, "the job was refused");
      case PLACEMENT_FAILED -> quoting(status, "Nomad found no place for the canaries");
      case NO_CANARY_PHASE -> quoting(status, "the update would have had no canaries");
      case PRODUCTION_DEPLOY_FAILED ->
          quoting(status, "production did not take a version that was good as a canary");
      case NOT_ALLOWED -> quoting(status, "the operator's settings do not allow it");
      case INVALID_DEFINITION -> quoting(status, "the definition cannot be used");
    };
  }

  private static String sentence(String text) {
    return text.matches("(?s).*[.…]") ? text : text + ".";
  }

  private static String quoting(RunStatus status, String why) {
    var after = status.ledger().requests() > 0 ? ", after " + evidence(status) : "";
    return sentence(
        String.format(ROOT, "%s because %s%s: %s", ending(status), why, after, status.whyEnded()));
  }

  private static String goalReached(RunStatus status) {
    var numbers = promoted(status) + ": " + evidence(status);
    if (status.ledger().errors() > 0) {
      return String.format(
          ROOT, "%s, of which at most %,d are allowed", numbers, status.maxErrors());
    }
    return numbers
        + confidence(status, status.ledger().requests())
            .map(
                percent ->
                    String.format(ROOT, "; with %s, fewer than %s fail", percent, share(status)))
            .orElse("");
  }

  private static String errorsExceeded(RunStatus status) {
    long errors = status.ledger().errors();
    if (errors <= status.maxErrors()) {
      return String.format(
          ROOT,
          "%s because whoever held the run before read more errors than %,d, and stopped the canary",
          ending(status),
          status.maxErrors());
    }
    var exceed =
        String.format(
            ROOT,
            "%s because %s in %s %s the budget of %,d",
            ending(status),
            count(errors, "error"),
            count(status.ledger().requests(), "request"),
            errors == 1 ? "exceeds" : "exceed",
            status.maxErrors());
    return confidence(status, status.goal())
        .filter(_ -> status.maxErrors() == 0)
        .map(
            percent ->
                String.format(
                    ROOT,
                    "%s; %s without an error would have shown with %s that fewer than %s fail",
                    exceed,
                    count(status.goal(), "request"),
                    percent,
                    share(status)))
        .orElse(exceed);
  }

  private static String deadlineExceeded(RunStatus status) {
    long requests = status.ledger().requests();
    return requests < status.goal()
        ? String.format(
            ROOT,
            "%s because only %,d of %s came by the deadline, with %s",
            ending(status),
            requests,
            count(status.goal(), "request"),
            count(status.ledger().errors(), "error"))
        : String.format(
            ROOT,
            "%s because not every canary was healthy and read by the deadline, after %s",
            ending(status),
            evidence(status));
  }

  /** In the form of the phase, like Aborting or Aborted. */
  private static String ending(RunStatus status) {
    return status.phase().word();
  }

  private static String promoted(RunStatus status) {
    var done = status.nomad().productionJob().isPresent() ? "Promoted" : "Succeeded";
    return status.phase().isTerminal() ? done : status.phase().word();
  }

  private static String evidence(RunStatus status) {
    return count(status.ledger().requests(), "request")
        + " with "
        + count(status.ledger().errors(), "error");
  }

  /**
   * The probability that so many requests would have shown a fault of the rate to be caught. Empty:
   * the rate is not known.
   */
  private static Optional<String> confidence(RunStatus status, long requests) {
    if (!(status.faultRate() > 0 && status.faultRate() < 1)) {
      return Optional.empty();
    }
    var confidence = new Analysis(1, 0, status.faultRate()).confidence(requests);
    return Optional.of(percent(confidence) + " confidence");
  }

  /** A probability for people: rounded down, so that it is never certain. */
  public static String percent(double probability) {
    return String.format(ROOT, "%.2f %%", Math.min(99.99, Math.floor(probability * 10_000) / 100));
  }

  private static String share(RunStatus status) {
    return status.faultRate() < 0.1
        ? String.format(ROOT, "1 in %,d", Math.round(1 / status.faultRate()))
        : String.format(ROOT, "%.0f %%", 100 * status.faultRate());
  }

  private static String count(long number, String what) {
    return String.format(ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }
}
