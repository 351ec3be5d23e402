package io.canaryrun.core.observation;

/** The production job, from the point of view of one generation. */
public sealed interface ProductionSeen {

  /** As frozen in the generation, but for counts; absent then and now counts, with index 0. */
  record AsFrozen(long modifyIndex, long version, Rollout rollout) implements ProductionSeen {}

  /**
   * As frozen again, after this generation had registered its version: Nomad's {@code auto_revert},
   * a person, or this program returned it.
   *
   * @param attempt what became of this generation's version
   */
  record Reverted(long modifyIndex, long version, Rollout rollout, Rollout attempt)
      implements ProductionSeen {}

  /** The version that this generation registered. */
  record Ours(long modifyIndex, long version, Rollout rollout) implements ProductionSeen {}

  /** Stopped, where this generation had registered it over nothing. */
  record Withdrawn(long modifyIndex) implements ProductionSeen {}

  /** Neither: somebody changed it. */
  record Changed(String how) implements ProductionSeen {}
}
