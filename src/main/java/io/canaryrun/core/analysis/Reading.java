package io.canaryrun.core.analysis;

import java.time.Instant;

/**
 * One read of one canary's counters.
 *
 * @param processStartedAt the process that was expected to answer, as known before the read
 * @param at when the answer, or its failure, was there
 */
public record Reading(String allocId, Instant processStartedAt, Instant at, Result result) {

  /** What a read gave. */
  public sealed interface Result {}

  /**
   * Counts since the process started; both 0 to {@link #MAX}.
   *
   * @param requests served
   * @param errors that somebody must fix
   */
  public record Counted(long requests, long errors) implements Result {

    /** 2⁵³: what every JSON parser reads exactly. */
    public static final long MAX = 1L << 53;
  }

  /** Nothing that can be trusted; the sentence tells why. */
  public record Failed(String problem) implements Result {}
}
