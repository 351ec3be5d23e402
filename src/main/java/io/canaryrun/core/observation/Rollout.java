package io.canaryrun.core.observation;

import java.util.Optional;

/** How far Nomad is with the present version of a job. */
public sealed interface Rollout {

  /** Under way, without canaries or before there are any. */
  record InProgress(String message) implements Rollout {}

  /** The deployment's own canaries are not all healthy yet; nothing else is changed before. */
  record AwaitingHealth(String deploymentId, String message) implements Rollout {}

  /** The deployment's own canaries are healthy and wait to be promoted. */
  record AwaitingPromotion(String deploymentId) implements Rollout {}

  /** The deployment's own canaries were promoted, the rest follows. */
  record Promoted(String message) implements Rollout {}

  record Successful() implements Rollout {}

  /** Given up; unpromoted canaries are stopped. */
  record Failed(String why, Cause cause) implements Rollout {}

  /** Why a rollout was given up. */
  enum Cause {
    /** Nomad found its allocations not healthy, or not in time. */
    UNHEALTHY,
    /** Somebody marked the deployment as failed. */
    STOPPED,
    /** There is a newer version of the job, or it was stopped. */
    OVERTAKEN
  }

  /** The deployment, as long as its canaries are there and not promoted. */
  default Optional<String> unpromoted() {
    return switch (this) {
      case AwaitingHealth(var id, _) -> Optional.of(id);
      case AwaitingPromotion(var id) -> Optional.of(id);
      case InProgress _, Promoted _, Successful _, Failed _ -> Optional.empty();
    };
  }
}
