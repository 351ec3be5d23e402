package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Target;

/** An effect in Nomad. Each is fenced by the index that was seen, and may be repeated. */
public sealed interface Action {

  /** Stops a canary job that an ended or lost generation left behind. */
  record StopLeftover(Target target, JobSeen job, Reason why) implements Action {}

  /** Fails a deployment with unpromoted canaries that a lost generation left behind. */
  record FailLeftover(Target target, String deploymentId) implements Action {}

  /** Takes unpromoted canaries back that an ended generation left in production. */
  record ReturnLeftover(Generation ended) implements Action {}

  /** An effect that the frozen generation defines. */
  sealed interface InGeneration extends Action {}

  /**
   * Registers the generation's canary job; mode {@code deployment}: the production job with its
   * canaries, keeping its present counts.
   *
   * @param over the JobModifyIndex seen, 0 for an absent job
   */
  record SubmitCanary(long over) implements InGeneration {}

  /**
   * Registers the generation's canary job as stopped, over whatever is there.
   *
   * @param why the word of a reason, for {@code canary_stop_reason}
   */
  record StopCanary(long over, String why) implements InGeneration {}

  /** Registers the generation's production job, keeping its present counts. */
  record RegisterProduction(long over) implements InGeneration {}

  /** Promotes the production deployment's own canaries. */
  record PromoteDeployment(String deploymentId) implements InGeneration {}

  /** Fails the production deployment, whose unpromoted canaries Nomad then stops. */
  record FailDeployment(String deploymentId) implements InGeneration {}

  /** Registers production as it was frozen, or stops it where there was none. */
  record ReturnProduction(long over) implements InGeneration {}
}
