package io.canaryrun.core.analysis;

import java.time.Instant;
import java.util.Optional;

/**
 * How far the reads of one allocation's counters can be relied on.
 *
 * @param lastAt the last read that counted
 * @param failingSince since when reads fail without a break although the canary is healthy
 * @param distrust reads that must not fall before the counters are trusted again, after one fell
 *     below an earlier one of the same process; 0: they are trusted
 * @param problem of the last read, or what Nomad or a check says is wrong
 */
public record ReadState(
    Optional<Instant> lastAt,
    Optional<Instant> failingSince,
    int distrust,
    Optional<String> problem) {

  static final ReadState NONE =
      new ReadState(Optional.empty(), Optional.empty(), 0, Optional.empty());

  /**
   * After a fall. Several processes behind one port answer by turns, so that a few reads in a row
   * may well be of one of them.
   */
  private static final int READS_TO_TRUST = 5;

  ReadState counted(Instant at) {
    int left = Math.max(0, distrust - 1);
    return left > 0
        ? new ReadState(Optional.of(at), failingSince, left, problem)
        : new ReadState(Optional.of(at), Optional.empty(), 0, Optional.empty());
  }

  /**
   * @param blamed on the canary: it should have answered
   */
  ReadState failed(Instant at, boolean blamed, String why) {
    var since = blamed ? failingSince.or(() -> Optional.of(at)) : Optional.<Instant>empty();
    return new ReadState(lastAt, since, distrust, Optional.of(why));
  }

  /** The same for a read that fell. */
  ReadState fell(Instant at, boolean blamed, String why) {
    var failed = failed(at, blamed, why);
    return new ReadState(lastAt, failed.failingSince, READS_TO_TRUST, failed.problem);
  }

  /** No failure is held against it any more. */
  ReadState forgiven() {
    return new ReadState(lastAt, Optional.empty(), distrust, problem);
  }

  /** A new process begins. */
  ReadState restarted() {
    return new ReadState(lastAt, Optional.empty(), 0, Optional.empty());
  }

  ReadState withProblem(Optional<String> other) {
    return new ReadState(lastAt, failingSince, distrust, other);
  }
}
