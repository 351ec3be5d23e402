package io.canaryrun.core.analysis;

import io.canaryrun.core.observation.AllocationSeen;
import java.time.Instant;
import java.util.Optional;

/**
 * The counters of one canary allocation over all its processes.
 *
 * @param earlierRequests of processes of this allocation that have ended
 * @param earlierErrors likewise
 * @param requests of the present process: the highest count seen
 * @param previousRequests what {@code requests} was before the last read
 * @param errors of the present process: the highest count seen
 * @param healthy running, healthy to Nomad, and no check fails now
 * @param live not stopped, failed or lost
 * @param state Nomad's client status
 * @param failingSince since when reads fail without a break although the canary is healthy
 * @param distrust reads that must not fall before the counters are trusted again, after one fell
 *     below an earlier one of the same process; 0: they are trusted
 */
public record CanaryTally(
    String allocId,
    String node,
    String address,
    Optional<Instant> processStartedAt,
    long earlierRequests,
    long earlierErrors,
    long requests,
    long previousRequests,
    long errors,
    int restarts,
    boolean healthy,
    boolean live,
    String state,
    Optional<Instant> lastReadAt,
    Optional<Instant> failingSince,
    int distrust,
    Optional<String> problem) {

  /**
   * After a fall. Several processes behind one port answer by turns, so that a few reads in a row
   * may well be of one of them.
   */
  private static final int READS_TO_TRUST = 5;

  static CanaryTally of(AllocationSeen seen) {
    return new CanaryTally(
        seen.allocId(),
        seen.node(),
        seen.address().orElse(""),
        seen.processStartedAt(),
        0,
        0,
        0,
        0,
        0,
        seen.restarts(),
        seen.healthy(),
        seen.isLive(),
        seen.state().word(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty());
  }

  /** Requests of all processes of this allocation. */
  public long totalRequests() {
    return earlierRequests + requests;
  }

  /** Errors of all processes of this allocation. */
  public long totalErrors() {
    return earlierErrors + errors;
  }

  /** Takes over what Nomad says; a new start time begins a new process. */
  CanaryTally seen(AllocationSeen seen) {
    boolean newProcess =
        seen.processStartedAt().isPresent() && !seen.processStartedAt().equals(processStartedAt);
    var base = newProcess ? withProcess(seen.processStartedAt().get()) : this;
    boolean judged = seen.isLive() && seen.healthy();
    return new CanaryTally(
        allocId,
        seen.node(),
        seen.address().orElse(address),
        base.processStartedAt,
        base.earlierRequests,
        base.earlierErrors,
        base.requests,
        base.previousRequests,
        base.errors,
        seen.restarts(),
        seen.healthy(),
        seen.isLive(),
        seen.state().word(),
        base.lastReadAt,
        judged ? base.failingSince : Optional.empty(),
        base.distrust,
        seen.problem().or(() -> seen.isLive() ? base.problem : base.lastProblem()));
  }

  /** What is told of a canary that has ended; that it ended made no reads fail. */
  private Optional<String> lastProblem() {
    return live && failingSince.isEmpty() ? Optional.empty() : problem;
  }

  /** That reads fell without a restart: what they show is not one process. */
  public boolean isInconsistent() {
    return distrust > 0;
  }

  /** The allocation is not known to Nomad any more; its counts stay. */
  CanaryTally gone() {
    return new CanaryTally(
        allocId,
        node,
        address,
        processStartedAt,
        earlierRequests,
        earlierErrors,
        requests,
        previousRequests,
        errors,
        restarts,
        false,
        false,
        state,
        lastReadAt,
        Optional.empty(),
        distrust,
        problem);
  }

  CanaryTally resumed() {
    return new CanaryTally(
        allocId,
        node,
        address,
        processStartedAt,
        earlierRequests,
        earlierErrors,
        requests,
        previousRequests,
        errors,
        restarts,
        healthy,
        live,
        state,
        lastReadAt,
        Optional.empty(),
        distrust,
        problem);
  }

  /**
   * What was last seen of the old process stays. A last read that happened after the new process
   * had begun may have been the new one's, so the one before it is taken: requests are never
   * counted twice.
   */
  private CanaryTally withProcess(Instant startedAt) {
    boolean lastReadWasOfTheOldOne = lastReadAt.isEmpty() || lastReadAt.get().isBefore(startedAt);
    return new CanaryTally(
        allocId,
        node,
        address,
        Optional.of(startedAt),
        earlierRequests + (lastReadWasOfTheOldOne ? requests : previousRequests),
        earlierErrors + errors,
        0,
        0,
        0,
        restarts,
        healthy,
        live,
        state,
        lastReadAt,
        Optional.empty(),
        0,
        Optional.empty());
  }

  /** Takes over a read; of one that was meant for an earlier process only the errors count. */
  CanaryTally read(Reading reading) {
    if (!processStartedAt.equals(Optional.of(reading.processStartedAt()))) {
      return reading.result() instanceof Reading.Counted(_, var late) ? withLateErrors(late) : this;
    }
    return switch (reading.result()) {
      case Reading.Failed(var why) -> failed(reading.at(), errors, distrust, why);
      case Reading.Counted(var newRequests, var newErrors)
          when newRequests < requests || newErrors < errors ->
          failed(
              reading.at(),
              Math.max(errors, newErrors),
              READS_TO_TRUST,
              "the counters fell from %d requests and %d errors to %d and %d without a restart"
                  .formatted(requests, errors, newRequests, newErrors));
      case Reading.Counted(var newRequests, var newErrors) ->
          counted(reading.at(), newRequests, newErrors);
    };
  }

  private CanaryTally counted(Instant at, long newRequests, long newErrors) {
    int stillDistrusted = Math.max(0, distrust - 1);
    return new CanaryTally(
        allocId,
        node,
        address,
        processStartedAt,
        earlierRequests,
        earlierErrors,
        newRequests,
        requests,
        newErrors,
        restarts,
        healthy,
        live,
        state,
        Optional.of(at),
        stillDistrusted > 0 ? failingSince : Optional.empty(),
        stillDistrusted,
        stillDistrusted > 0 ? problem : Optional.empty());
  }

  private CanaryTally withLateErrors(long late) {
    return new CanaryTally(
        allocId,
        node,
        address,
        processStartedAt,
        earlierRequests,
        Math.max(earlierErrors, late),
        requests,
        previousRequests,
        errors,
        restarts,
        healthy,
        live,
        state,
        lastReadAt,
        failingSince,
        distrust,
        problem);
  }

  private CanaryTally failed(Instant at, long errorsNow, int nowDistrusted, String why) {
    return new CanaryTally(
        allocId,
        node,
        address,
        processStartedAt,
        earlierRequests,
        earlierErrors,
        requests,
        previousRequests,
        errorsNow,
        restarts,
        healthy,
        live,
        state,
        lastReadAt,
        live && healthy ? failingSince.or(() -> Optional.of(at)) : Optional.empty(),
        nowDistrusted,
        Optional.of(why));
  }
}
