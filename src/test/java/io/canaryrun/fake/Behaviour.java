package io.canaryrun.fake;

import java.time.Duration;
import java.util.Optional;

/**
 * How the allocations of a job behave.
 *
 * @param startsAfter from the placement until the process runs
 * @param passesAfter from the process's start until its check passes; empty: never
 * @param crashesAt of each process, since its start; empty: never
 * @param restarts of a crashed process, until the allocation has failed
 * @param stopsIn from the stop order until the process has ended
 */
public record Behaviour(
    Duration startsAfter,
    Optional<Duration> passesAfter,
    Optional<Duration> crashesAt,
    int restarts,
    Duration stopsIn) {

  public static final Behaviour USUAL =
      new Behaviour(
          Duration.ofMillis(500),
          Optional.of(Duration.ofMillis(1_000)),
          Optional.empty(),
          3,
          Duration.ofMillis(800));

  public Behaviour neverHealthy() {
    return new Behaviour(startsAfter, Optional.empty(), crashesAt, restarts, stopsIn);
  }

  public Behaviour crashingAt(Duration age) {
    return new Behaviour(startsAfter, passesAfter, Optional.of(age), restarts, stopsIn);
  }
}
