package io.canaryrun.operator;

import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * All runs as they were looked at last. Most news are of statuses alone, as owners write theirs
 * each second: the definitions are read again when they have changed, and every now and then.
 */
final class Overview {
  private final RunStore store;
  private final Scheduler scheduler;
  private final Duration resync;
  private volatile boolean stale = true;
  private Duration wholeAt = Duration.ZERO;
  private boolean whole;
  private volatile Optional<Seen> seen = Optional.empty();

  /**
   * @param at by the clock, for people
   * @param monotonic the same, whatever is done to the clock
   */
  private record Seen(Look look, Instant at, Duration monotonic) {}

  /**
   * @param resync how often to read everything anew, without news
   */
  Overview(RunStore store, Scheduler scheduler, Duration resync) {
    this.store = store;
    this.scheduler = scheduler;
    this.resync = resync;
  }

  void definitionsChanged() {
    stale = true;
  }

  Look look() {
    var now = scheduler.monotonic();
    whole = stale || now.minus(wholeAt).compareTo(resync) >= 0;
    var look = whole ? everything() : seen.get().look().withStatusesOf(store);
    wholeAt = whole ? now : wholeAt;
    seen = Optional.of(new Seen(look, scheduler.now(), scheduler.monotonic()));
    return look;
  }

  private Look everything() {
    stale = false; // Whatever changes from here on, is read once more.
    try {
      return Look.at(store);
    } catch (PortFailure e) {
      stale = true;
      throw e;
    }
  }

  /** Whether everything was read for the last look. */
  boolean isWhole() {
    return whole;
  }

  /** When all runs were looked at last. Empty: never. */
  Optional<Instant> lastLook() {
    return seen.map(Seen::at);
  }

  /** How long ago that was. Empty: never. */
  Optional<Duration> sinceLastLook() {
    return seen.map(it -> scheduler.monotonic().minus(it.monotonic()));
  }
}
