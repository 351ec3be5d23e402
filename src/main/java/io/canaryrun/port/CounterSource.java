package io.canaryrun.port;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.spec.Counters;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;

/** The counters of canaries. */
public interface CounterSource {

  /**
   * Reads all canaries in parallel, and returns when each has answered or failed; that is, at the
   * latest after {@code counters.timeout()}. A failed read is a reading, not an exception.
   *
   * @param each called on the calling thread with each reading as soon as it is there
   */
  void read(Collection<Canary> canaries, Counters counters, Consumer<Reading> each);

  /**
   * Where to read.
   *
   * @param address host and port
   */
  record Canary(String allocId, String address, Instant processStartedAt) {}
}
