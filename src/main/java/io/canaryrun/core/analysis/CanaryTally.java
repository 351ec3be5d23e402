package io.canaryrun.core.analysis;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.observation.Trouble;
import java.util.List;
import java.util.Optional;

/** What is known of one canary allocation: how it is, what it counted, and how that was read. */
public record CanaryTally(Shown shown, ProcessCounts counts, ReadState reads) {

  /**
   * How Nomad and Consul showed the allocation last.
   *
   * @param address host and port of the counters; empty until Nomad has assigned one
   * @param restarts of its tasks
   * @param healthy running, healthy to Nomad, and no check fails now
   * @param live not stopped, failed or lost
   * @param state Nomad's client status
   * @param events of its tasks, oldest first
   */
  public record Shown(
      String allocId,
      String node,
      String address,
      int restarts,
      boolean healthy,
      boolean live,
      String state,
      List<TaskEvent> events) {

    public Shown {
      events = List.copyOf(events);
    }

    private static Shown of(AllocationSeen seen, String address) {
      return new Shown(
          seen.allocId(),
          seen.node(),
          seen.address().orElse(address),
          seen.restarts(),
          seen.healthy(),
          seen.isLive(),
          seen.state().word(),
          seen.events());
    }

    private Shown gone() {
      return new Shown(allocId, node, address, restarts, false, false, state, events);
    }

    /** Given up by Nomad, as nothing that people or a drain stop is. */
    private boolean failed() {
      return state.equals("failed") || state.equals("lost");
    }

    /** Its counters should be readable. */
    private boolean shouldAnswer() {
      return live && healthy;
    }
  }

  static CanaryTally of(AllocationSeen seen) {
    return new CanaryTally(
        Shown.of(seen, ""),
        ProcessCounts.of(seen.processStartedAt()),
        ReadState.NONE.withProblem(seen.problem()));
  }

  public String allocId() {
    return shown.allocId();
  }

  /** Requests of all processes of this allocation. */
  public long totalRequests() {
    return counts.earlierRequests() + counts.requests();
  }

  /** Errors of all processes of this allocation. */
  public long totalErrors() {
    return counts.earlierErrors() + counts.errors();
  }

  /** Failed or lost, which is as bad as a restart. */
  public boolean isFailure() {
    return shown.failed();
  }

  /** It is not as it should be, or was not. */
  public boolean isTroubled() {
    return isFailure()
        || shown.restarts() > 0
        || (!shown.healthy() && (shown.live() || problem().isPresent()));
  }

  /** The same for people. */
  Trouble trouble() {
    return new Trouble(allocId(), shown.node(), shown.state(), problem(), shown.events());
  }

  /** What is wrong with it. */
  public Optional<String> problem() {
    return reads.problem();
  }

  /** That reads fell without a restart: what they show is not one process. */
  public boolean isInconsistent() {
    return reads.distrust() > 0;
  }

  /** Takes over what Nomad says; a new start time begins a new process. */
  CanaryTally seen(AllocationSeen seen) {
    var now = Shown.of(seen, shown.address());
    var base =
        seen.processStartedAt()
            .filter(start -> !counts.isOf(start))
            .map(
                start ->
                    new CanaryTally(
                        shown, counts.restarted(start, reads.lastAt()), reads.restarted()))
            .orElse(this);
    var read = now.shouldAnswer() ? base.reads : base.reads.forgiven();
    var problem = seen.problem().or(() -> now.live() ? base.problem() : base.lastProblem());
    return new CanaryTally(now, base.counts, read.withProblem(problem));
  }

  /** What is told of a canary that has ended; that it ended made no reads fail. */
  private Optional<String> lastProblem() {
    return shown.live() && reads.failingSince().isEmpty() ? Optional.empty() : problem();
  }

  /** The allocation is not known to Nomad any more; its counts stay. */
  CanaryTally gone() {
    return new CanaryTally(shown.gone(), counts, reads.forgiven());
  }

  /** Somebody else reads it from now on, and blames it only for what fails from now on. */
  CanaryTally resumed() {
    return new CanaryTally(shown, counts, reads.forgiven());
  }

  /** Takes over a read; of one that was meant for an earlier process only the errors count. */
  CanaryTally read(Reading reading) {
    if (!counts.isOf(reading.processStartedAt())) {
      return reading.result() instanceof Reading.Counted(_, var late)
          ? new CanaryTally(shown, counts.withEarlierErrors(late), reads)
          : this;
    }
    return switch (reading.result()) {
      case Reading.Failed(var why) ->
          new CanaryTally(shown, counts, reads.failed(reading.at(), shown.shouldAnswer(), why));
      case Reading.Counted(var requests, var errors) when counts.fellTo(requests, errors) ->
          new CanaryTally(
              shown,
              counts.withErrors(errors),
              reads.fell(
                  reading.at(),
                  shown.shouldAnswer(),
                  "the counters fell from %d requests and %d errors to %d and %d without a restart"
                      .formatted(counts.requests(), counts.errors(), requests, errors)));
      case Reading.Counted(var requests, var errors) ->
          new CanaryTally(shown, counts.counted(requests, errors), reads.counted(reading.at()));
    };
  }
}
