package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What to type next. */
final class NextCommand {
  /** What a task has that was started once. */
  private static final Set<String> RAN = Set.of("Started", "Terminated");

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
          Ending.worst(status).findFirst().map(canary -> look(status, canary)).orElse(describe);
      case COUNTERS_UNREACHABLE, COUNTERS_INCONSISTENT, DEADLINE_EXCEEDED -> describe;
      case ABORTED_BY_PERSON, CANARY_STOPPED, DEFINITION_DELETED, APPROVAL_DEADLINE_EXCEEDED ->
          describe;
      case SUPERSEDED -> "canary wait " + status.name();
      case PRODUCTION_CHANGED, PRODUCTION_DEPLOY_FAILED ->
          status
              .nomad()
              .productionJob()
              .map(job -> nomad(status, "job status", job))
              .orElse(describe);
      case JOB_REJECTED, PLACEMENT_FAILED, NO_CANARY_PHASE, NOT_ALLOWED -> "canary plan FILE";
      case INVALID_DEFINITION -> "canary validate FILE";
    };
  }

  /** Its logs, where it has some and it is clear which of its tasks is meant. */
  private static String look(RunStatus status, CanaryTally canary) {
    var events = canary.shown().events();
    var tasks = events.stream().map(TaskEvent::task).distinct().toList();
    boolean ran = events.stream().map(TaskEvent::type).anyMatch(RAN::contains);
    return (ran || canary.totalRequests() > 0) && tasks.size() == 1
        ? nomad(status, "alloc logs", "-task " + tasks.getFirst(), StatusText.shortId(canary))
        : nomad(status, "alloc status", StatusText.shortId(canary));
  }

  private static String nomad(RunStatus status, String command, String... arguments) {
    var words = new ArrayList<>(List.of("nomad", command));
    Optional.of(status.nomad().namespace())
        .filter(it -> !it.equals("default"))
        .ifPresent(it -> words.add("-namespace " + it));
    status.nomad().region().ifPresent(it -> words.add("-region " + it));
    words.addAll(List.of(arguments));
    return String.join(" ", words);
  }
}
