package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * How a run got another owner.
 *
 * @param fault of the one before
 * @param disturbed something else was at fault that it depends on
 * @param freed from the fault until the old owner had the lock no more
 * @param taken from the fault until another daemon's name stood in the status
 */
record Takeover(FaultKind fault, String run, boolean disturbed, Duration freed, Duration taken) {
  /** Far beyond what is allowed: whoever needs longer is found at the end of the run. */
  static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LOCK_DELAY = Duration.ofSeconds(1);

  /** Promised until others go on where a daemon dies alone. */
  static final Duration BOUND = TTL.multipliedBy(2).plus(LOCK_DELAY).plusSeconds(2);

  /** Promised until a daemon that is told to end has given its locks back. */
  static final Duration RELEASE_BOUND = Duration.ofSeconds(1);

  /** What a test machine may have to do besides. */
  static final Duration RELEASE_TOLERANCE = Duration.ofSeconds(4);

  Takeover butDisturbed() {
    return new Takeover(fault, run, true, freed, taken);
  }

  /** Whether it took no longer than it may. */
  boolean isInTime() {
    if (disturbed) {
      return taken.compareTo(PATIENCE) < 0;
    }
    return fault == FaultKind.TERM
        ? freed.compareTo(RELEASE_BOUND.plus(RELEASE_TOLERANCE)) <= 0
        : taken.compareTo(BOUND) <= 0;
  }

  /** What is seen while it is waited for. */
  private static final class Watch {
    private final FaultKind fault;
    private final Instant begin;
    private final Map<String, Statuses.Held> waiting;
    private final Map<String, Duration> freed = new HashMap<>();
    private final List<Takeover> done = new ArrayList<>();

    Watch(FaultKind fault, Instant begin, List<Statuses.Held> carried) {
      this.fault = fault;
      this.begin = begin;
      this.waiting =
          carried.stream().collect(Collectors.toMap(Statuses.Held::run, Function.identity()));
    }

    boolean isOver(List<Statuses.Held> now) {
      var elapsed = Duration.between(begin, Instant.now());
      for (var held : now) {
        Optional.ofNullable(waiting.get(held.run())).ifPresent(then -> see(then, held, elapsed));
      }
      return waiting.isEmpty();
    }

    private void see(Statuses.Held then, Statuses.Held now, Duration elapsed) {
      if (!now.session().equals(then.session())) {
        freed.putIfAbsent(now.run(), elapsed);
      }
      boolean taken = !now.owner().equals(then.owner());
      if (taken) {
        var free = freed.getOrDefault(now.run(), elapsed);
        done.add(new Takeover(fault, now.run(), false, free, elapsed));
      }
      if (taken || now.ended()) {
        waiting.remove(now.run());
      }
    }
  }

  /**
   * Waits until somebody else carries on what a daemon carried, or until that has ended.
   *
   * @param begin of the fault
   * @param carried as it was just before
   */
  static List<Takeover> after(
      FaultKind fault, Instant begin, List<Statuses.Held> carried, Statuses statuses) {
    var watch = new Watch(fault, begin, carried);
    try {
      await("others carry on " + carried)
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> watch.isOver(statuses.read()));
    } catch (ConditionTimeoutException e) {
      watch.waiting.keySet().stream()
          .map(run -> new Takeover(fault, run, false, PATIENCE, PATIENCE))
          .forEach(watch.done::add);
    }
    return List.copyOf(watch.done);
  }
}
