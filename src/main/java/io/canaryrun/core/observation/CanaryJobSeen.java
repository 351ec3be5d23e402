package io.canaryrun.core.observation;

import java.util.Optional;
import java.util.OptionalLong;

/** What is registered under the canary job's ID, from the point of view of one generation. */
public sealed interface CanaryJobSeen {

  /** The JobModifyIndex of what is there, where it is this run's to touch. */
  default OptionalLong index() {
    return switch (this) {
      case Ours(var index) -> OptionalLong.of(index);
      case Edited(var index) -> OptionalLong.of(index);
      case Stopped(var index, _) -> OptionalLong.of(index);
      case Earlier(var index, _, _) -> OptionalLong.of(index);
      case Absent _, Later _, Foreign _ -> OptionalLong.empty();
    };
  }

  /** Nomad knows no such job. */
  record Absent() implements CanaryJobSeen {}

  /** Live, with this generation's stamps and specification, but for counts. */
  record Ours(long modifyIndex) implements CanaryJobSeen {}

  /** Live, with this generation's stamps, but not its specification: somebody edited it. */
  record Edited(long modifyIndex) implements CanaryJobSeen {}

  /**
   * This generation's own, stopped.
   *
   * @param why the {@code canary_stop_reason} it was stopped with; empty: somebody else stopped it
   */
  record Stopped(long modifyIndex, Optional<String> why) implements CanaryJobSeen {}

  /** An earlier generation's of this run. */
  record Earlier(long modifyIndex, long generation, boolean stopped) implements CanaryJobSeen {}

  /** A later generation's of this run: KV was restored from an older state. */
  record Later(long generation) implements CanaryJobSeen {}

  /** Another run's or a person's. */
  record Foreign(long modifyIndex, boolean stopped, String whose) implements CanaryJobSeen {}
}
