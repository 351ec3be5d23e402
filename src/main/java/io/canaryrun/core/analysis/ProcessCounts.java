package io.canaryrun.core.analysis;

import java.time.Instant;
import java.util.Optional;

/**
 * What the processes of one allocation counted, one after the other.
 *
 * @param startedAt of the present process; empty: none has started
 * @param earlierRequests of processes that have ended
 * @param earlierErrors likewise
 * @param requests of the present process: the highest count seen
 * @param errors of the present process: the highest count seen
 */
public record ProcessCounts(
    Optional<Instant> startedAt,
    long earlierRequests,
    long earlierErrors,
    long requests,
    long errors) {

  static ProcessCounts of(Optional<Instant> startedAt) {
    return new ProcessCounts(startedAt, 0, 0, 0, 0);
  }

  /**
   * A new process begins; what was last seen of the old one stays. Where the last read happened
   * after the new one had begun, it and others before it may have been the new one's: then no
   * requests of the old one stay, for they are never counted twice.
   */
  ProcessCounts restarted(Instant at, Optional<Instant> lastReadAt) {
    boolean lastReadWasOfTheOldOne = lastReadAt.isEmpty() || lastReadAt.get().isBefore(at);
    return new ProcessCounts(
        Optional.of(at),
        lastReadWasOfTheOldOne ? earlierRequests + requests : earlierRequests,
        earlierErrors + errors,
        0,
        0);
  }

  boolean isOf(Instant process) {
    return startedAt.filter(process::equals).isPresent();
  }

  /** Whether a read of the present process shows less than one before it. */
  boolean fellTo(long newRequests, long newErrors) {
    return newRequests < requests || newErrors < errors;
  }

  ProcessCounts counted(long newRequests, long newErrors) {
    return new ProcessCounts(startedAt, earlierRequests, earlierErrors, newRequests, newErrors);
  }

  /** Of a read that fell only more errors are believed. */
  ProcessCounts withErrors(long seen) {
    return new ProcessCounts(
        startedAt, earlierRequests, earlierErrors, requests, Math.max(errors, seen));
  }

  /** Of a read that was meant for an earlier process only the errors count. */
  ProcessCounts withEarlierErrors(long seen) {
    return new ProcessCounts(
        startedAt, earlierRequests, Math.max(earlierErrors, seen), requests, errors);
  }
}
