package io.canaryrun.core.observation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A canary allocation as Nomad, and for its checks Consul, showed it.
 *
 * @param address host and port of the counters; empty until Nomad has assigned one
 * @param processStartedAt when the task that serves the counters last started; empty before that
 * @param desiredStop Nomad wants it stopped
 * @param restarts of its tasks
 * @param healthy all its tasks run, its deployment finds it healthy, and no check fails now
 * @param problem what its task events or checks say is wrong
 * @param events of its tasks that tell most, oldest first, at most {@link TaskEvent#MAX_KEPT}
 */
public record AllocationSeen(
    String allocId,
    String node,
    Optional<String> address,
    Optional<Instant> processStartedAt,
    boolean desiredStop,
    State state,
    int restarts,
    boolean healthy,
    Optional<String> problem,
    List<TaskEvent> events) {

  public AllocationSeen {
    events = List.copyOf(events);
  }

  /** Nomad's client status. */
  public enum State {
    PENDING("pending"),
    RUNNING("running"),
    COMPLETE("complete"),
    FAILED("failed"),
    LOST("lost"),
    UNKNOWN("unknown");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** It may serve requests: it is not to be stopped, and it has not ended. */
  public boolean isLive() {
    return !desiredStop && (state == State.PENDING || state == State.RUNNING);
  }

  /** Nomad wants it stopped, and its client says that it has ended or cannot be asked. */
  public boolean isGone() {
    return switch (state) {
      case COMPLETE, FAILED -> true;
      case LOST, UNKNOWN -> desiredStop;
      case PENDING, RUNNING -> false;
    };
  }

  /** The same with what the checks of its services say. */
  public AllocationSeen withFailingCheck(String why) {
    return new AllocationSeen(
        allocId,
        node,
        address,
        processStartedAt,
        desiredStop,
        state,
        restarts,
        false,
        Optional.of(why),
        events);
  }
}
