package io.canaryrun.operator;

import java.time.Duration;
import java.util.Optional;

/** How long it takes until the canaries have served enough requests. */
public sealed interface Forecast {

  /**
   * By what production serves now, if the canaries join its allocations behind one round robin.
   *
   * @param requestsPerSecond that production serves
   * @param unread why the counters of some of its allocations could not be read: these are taken
   *     for average ones
   */
  record Expected(
      double requestsPerSecond,
      int canaries,
      int production,
      Duration observing,
      Optional<String> unread)
      implements Forecast {

    /** Of all requests, what the canaries get; in (0, 1). */
    public double share() {
      return (double) canaries / (canaries + production);
    }
  }

  /** Nothing can be said; the sentence tells why. */
  record Unknown(String why) implements Forecast {}
}
