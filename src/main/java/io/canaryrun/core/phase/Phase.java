package io.canaryrun.core.phase;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Where a run stands: the intent, persisted before it is acted on. */
public sealed interface Phase {

  /** The word of the contract, as it stands in the status. */
  default String word() {
    return getClass().getSimpleName();
  }

  /** The reason of an ending or ended run. */
  default Optional<Reason> endReason() {
    return Optional.empty();
  }

  default boolean isTerminal() {
    return this instanceof Ended;
  }

  /** The run has ended, or is being cleaned up. */
  default boolean isEnding() {
    return this instanceof Ended || this instanceof Aborting;
  }

  /** The canary serves, and its counters and its health are watched. */
  sealed interface Observing extends Phase {
    /** When the wait is over, for the verdict or for the approval. */
    Instant deadline();

    /** Since when too few canaries are healthy. */
    Optional<Instant> unhealthySince();

    Observing unhealthySince(Optional<Instant> since);
  }

  /** Nothing is submitted and nothing frozen yet. */
  record Pending() implements Phase {}

  /**
   * The generation is frozen; the canary job is to be registered.
   *
   * @param deadline for the verdict
   */
  record SubmittingJob(Instant deadline) implements Phase {}

  /**
   * The canary job is registered.
   *
   * @param healthyBy when enough canaries must have been healthy for long enough
   * @param healthySince since when enough canaries are healthy without a break
   */
  record WaitingHealthy(Instant deadline, Instant healthyBy, Optional<Instant> healthySince)
      implements Phase {}

  /**
   * The counters decide.
   *
   * @param unhealthySince since when too few canaries are healthy
   */
  record ObservingCounters(Instant deadline, Optional<Instant> unhealthySince)
      implements Observing {
    @Override
    public ObservingCounters unhealthySince(Optional<Instant> since) {
      return new ObservingCounters(deadline, since);
    }
  }

  /**
   * A good verdict waits for a person; the counters go on deciding against it.
   *
   * @param deadline for the approval
   */
  record AwaitingApproval(Instant deadline, Optional<Instant> unhealthySince) implements Observing {
    @Override
    public AwaitingApproval unhealthySince(Optional<Instant> since) {
      return new AwaitingApproval(deadline, since);
    }
  }

  /**
   * The verdict is good, production may be changed.
   *
   * @param reason {@code GoalReached} or {@code PromotedByPerson}
   * @param productionIndex the index over which the production job is registered; empty when there
   *     is nothing to deploy
   * @param deployed production runs the new version and is healthy; only the canary is left to stop
   */
  record Promoting(Instant deadline, Reason reason, OptionalLong productionIndex, boolean deployed)
      implements Phase {
    @Override
    public Optional<Reason> endReason() {
      return Optional.of(reason);
    }
  }

  /**
   * The canary is stopped and, where this run changed production, production is returned.
   *
   * @param reason never changes
   * @param returnBy set when production may have been changed: until then the return may take
   */
  record Aborting(Reason reason, Optional<Instant> returnBy) implements Phase {
    @Override
    public Optional<Reason> endReason() {
      return Optional.of(reason);
    }
  }

  /** The run is over; nothing of it is left running. */
  record Ended(Reason reason) implements Phase {
    @Override
    public String word() {
      return reason.outcome().word();
    }

    @Override
    public Optional<Reason> endReason() {
      return Optional.of(reason);
    }
  }
}
