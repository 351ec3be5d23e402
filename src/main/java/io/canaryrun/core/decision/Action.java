package io.canaryrun.core.decision;

import io.canaryrun.core.observation.JobSeen;

/** An effect in Nomad. Each is fenced by the index that was seen, and may be repeated. */
public sealed interface Action {

  /**
   * Registers the generation's canary job.
   *
   * @param over the JobModifyIndex seen, 0 for an absent job
   */
  record SubmitCanary(long over) implements Action {}

  /**
   * Registers the generation's canary job as stopped, over whatever is there.
   *
   * @param why the word of a reason, for {@code canary_stop_reason}
   */
  record StopCanary(long over, String why) implements Action {}

  /** Stops a canary job that an ended generation left behind. */
  record StopLeftover(JobSeen job) implements Action {}

  /** Registers the generation's production job, keeping its present counts. */
  record RegisterProduction(long over) implements Action {}

  /** Promotes the production deployment's own canaries. */
  record PromoteDeployment(String deploymentId) implements Action {}

  /** Registers production as it was frozen, or stops it where there was none. */
  record ReturnProduction(long over) implements Action {}
}
