package io.canaryrun.core.observation;

/** How far Nomad is with the present version of a job. */
public sealed interface Rollout {

  record InProgress(String message) implements Rollout {}

  /** The deployment's own canaries are healthy and wait to be promoted. */
  record AwaitingPromotion(String deploymentId) implements Rollout {}

  record Successful() implements Rollout {}

  record Failed(String why) implements Rollout {}
}
