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
 * @param held from the fault until another daemon had it
 * @param taken from the fault until that one's name stood in the status
 */
record Takeover(
    FaultKind fault, String run, boolean disturbed, Duration freed, Duration held, Duration taken) {
  /** Far beyond what is allowed: whoever needs longer is found at the end of the run. */
  static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LOCK_DELAY = Duration.ofSeconds(1);

  private static final Duration AFTER_DEATH = TTL.multipliedBy(2).plus(LOCK_DELAY).plusSeconds(2);

  private static final Duration AFTER_SIGTERM = Duration.ofSeconds(1);

  /** What a test machine may have to do besides. */
  static final Duration TOLERANCE = Duration.ofSeconds(4);

  /** Promised until another daemon goes on, where nothing else is at fault. */
  static Duration bound(FaultKind fault) {
    return fault == FaultKind.TERM ? AFTER_SIGTERM : AFTER_DEATH;
  }

  Takeover butDisturbed() {
    return new Takeover(fault, run, true, freed, held, taken);
  }

  /** Whether it took no longer than it may. */
  boolean isInTime() {
    return disturbed || held.compareTo(bound(fault).plus(TOLERANCE)) <= 0;
  }

  /** What is seen while it is waited for. */
  private static final class Watch {
    private final FaultKind fault;
    private final Instant begin;
    private final Map<String, Statuses.Held> waiting;
    private final Map<String, Duration> freed = new HashMap<>();
    private final Map<String, Duration> held = new HashMap<>();
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
        now.session().ifPresent(_ -> held.putIfAbsent(now.run(), elapsed));
      }
      boolean taken = !now.owner().equals(then.owner());
      if (taken) {
        done.add(takeover(now.run(), elapsed));
      }
      if (taken || now.ended()) {
        waiting.remove(now.run());
      }
    }

    private Takeover takeover(String run, Duration elapsed) {
      return new Takeover(
          fault,
          run,
          false,
          freed.getOrDefault(run, elapsed),
          held.getOrDefault(run, elapsed),
          elapsed);
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
          .map(run -> watch.takeover(run, PATIENCE))
          .forEach(watch.done::add);
    }
    return List.copyOf(watch.done);
  }
}
