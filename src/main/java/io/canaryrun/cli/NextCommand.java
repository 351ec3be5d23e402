package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import java.util.Optional;

/** What to type next. */
final class NextCommand {
  private NextCommand() {}

  /** Of a run that waits for a person: what that one may decide. */
  static Optional<String> toDecide(RunStatus status) {
    return StatusText.needsDecision(status)
        ? Optional.of(
            "canary %s %2$s, or canary abort %2$s"
                .formatted(status.paused() ? "resume" : "promote", status.name()))
        : Optional.empty();
  }

  /** Of a run that did not succeed: where what is behind its reason is to be found. */
  static String afterEnd(RunStatus status, Reason reason) {
    var describe = "canary describe " + status.name();
    return switch (reason) { // No default: a new reason must not compile until it has one.
      case GOAL_REACHED, PROMOTED_BY_PERSON -> "canary history " + status.name();
      case ERRORS_EXCEEDED, CANARY_UNHEALTHY, CANARY_RESTARTED ->
          Ending.worst(status).findFirst().map(canary -> logs(status, canary)).orElse(describe);
      case COUNTERS_UNREACHABLE, COUNTERS_INCONSISTENT, DEADLINE_EXCEEDED -> describe;
      case ABORTED_BY_PERSON, CANARY_STOPPED, DEFINITION_DELETED, APPROVAL_DEADLINE_EXCEEDED ->
          describe;
      case SUPERSEDED -> "canary wait " + status.name();
      case PRODUCTION_CHANGED, PRODUCTION_DEPLOY_FAILED ->
          status.nomad().productionJob().map(job -> jobStatus(status, job)).orElse(describe);
      case JOB_REJECTED, PLACEMENT_FAILED, NO_CANARY_PHASE, NOT_ALLOWED -> "canary plan FILE";
      case INVALID_DEFINITION -> "canary validate FILE";
    };
  }

  private static String logs(RunStatus status, CanaryTally canary) {
    return "nomad alloc logs %s%s".formatted(namespace(status), StatusText.shortId(canary));
  }

  private static String jobStatus(RunStatus status, String job) {
    return "nomad job status %s%s".formatted(namespace(status), job);
  }

  private static String namespace(RunStatus status) {
    var namespace = status.nomad().namespace();
    return namespace.equals("default") ? "" : "-namespace " + namespace + " ";
  }
}
