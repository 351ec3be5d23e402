package io.canaryrun.core.phase;

import java.util.Arrays;
import java.util.Optional;

/** Why a run ended; each reason belongs to one outcome and one exit code of the client. */
public enum Reason {
  GOAL_REACHED("GoalReached", Outcome.SUCCEEDED, 0),
  PROMOTED_BY_PERSON("PromotedByPerson", Outcome.SUCCEEDED, 0),

  ERRORS_EXCEEDED("ErrorsExceeded", Outcome.ABORTED, 3),
  CANARY_UNHEALTHY("CanaryUnhealthy", Outcome.ABORTED, 3),
  CANARY_RESTARTED("CanaryRestarted", Outcome.ABORTED, 3),
  COUNTERS_UNREACHABLE("CountersUnreachable", Outcome.ABORTED, 3),
  COUNTERS_INCONSISTENT("CountersInconsistent", Outcome.ABORTED, 3),
  DEADLINE_EXCEEDED("DeadlineExceeded", Outcome.ABORTED, 3),

  ABORTED_BY_PERSON("AbortedByPerson", Outcome.ABORTED, 6),
  CANARY_STOPPED("CanaryStopped", Outcome.ABORTED, 6),
  DEFINITION_DELETED("DefinitionDeleted", Outcome.ABORTED, 6),
  APPROVAL_DEADLINE_EXCEEDED("ApprovalDeadlineExceeded", Outcome.ABORTED, 6),

  SUPERSEDED("Superseded", Outcome.ABORTED, 7),
  PRODUCTION_CHANGED("ProductionChanged", Outcome.ABORTED, 7),

  JOB_REJECTED("JobRejected", Outcome.FAILED, 1),
  PLACEMENT_FAILED("PlacementFailed", Outcome.FAILED, 1),
  NO_CANARY_PHASE("NoCanaryPhase", Outcome.FAILED, 1),
  PRODUCTION_DEPLOY_FAILED("ProductionDeployFailed", Outcome.FAILED, 1),
  NOT_ALLOWED("NotAllowed", Outcome.FAILED, 1),

  INVALID_DEFINITION("InvalidDefinition", Outcome.INVALID, 2);

  private final String word;
  private final Outcome outcome;
  private final int exitCode;

  Reason(String word, Outcome outcome, int exitCode) {
    this.word = word;
    this.outcome = outcome;
    this.exitCode = exitCode;
  }

  /** The word of the contract, as it stands in the status and in {@code canary_stop_reason}. */
  public String word() {
    return word;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** What {@code canary run}, {@code apply --wait} and {@code wait} exit with. */
  public int exitCode() {
    return exitCode;
  }

  /** The reason of that word; empty for any other text. */
  public static Optional<Reason> of(String word) {
    return Arrays.stream(values()).filter(reason -> reason.word.equals(word)).findFirst();
  }
}
