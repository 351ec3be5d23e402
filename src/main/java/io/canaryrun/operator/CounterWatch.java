package io.canaryrun.operator;

import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.analysis.Verdict;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.port.CounterSource;
import io.canaryrun.port.Scheduler;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads the counters of a generation's canaries each interval, on a thread of its own, so that no
 * slow answer of Consul or Nomad holds it up. The first reading that makes the verdict bad is
 * answered at once.
 */
final class CounterWatch {
  /** Told of the first reading of each sweep that makes the verdict bad or finds it so. */
  interface Alarm {
    /**
     * @param at when the reading was there
     */
    void bad(Instant at);
  }

  private final Generation generation;
  private final CounterSource source;
  private final Scheduler scheduler;
  private final Vitals vitals;
  private final Alarm alarm;
  private final Scheduler.Signal news;
  private final Scheduler.Signal pace;
  private final Setbacks setbacks;
  private final Object lock = new Object();
  private Ledger ledger;
  private volatile boolean stopped;
  private volatile Optional<Pulse> pulse = Optional.empty();
  private Scheduler.Task task;

  /**
   * @param vitals where its thread shows that it gets on
   * @param news given when the verdict changes
   */
  CounterWatch(
      Generation generation,
      Ledger ledger,
      Ports ports,
      Vitals vitals,
      Alarm alarm,
      Scheduler.Signal news) {
    this.generation = generation;
    this.ledger = ledger.resumed();
    this.source = ports.counters();
    this.scheduler = ports.scheduler();
    this.vitals = vitals;
    this.alarm = alarm;
    this.news = news;
    this.pace = scheduler.signal();
    this.setbacks = new Setbacks("run %s, reading counters".formatted(generation.run()));
  }

  void start() {
    task = scheduler.start("counters-" + generation.run(), this::loop);
  }

  void stop() {
    stopped = true;
    pace.give();
    task.interrupt();
    pulse.ifPresent(vitals::close); // From here on, nobody needs its readings.
  }

  Ledger ledger() {
    synchronized (lock) {
      return ledger;
    }
  }

  /** Takes over what Nomad shows now, and answers with the ledger after it. */
  Ledger seen(List<AllocationSeen> allocations) {
    synchronized (lock) {
      ledger = ledger.seen(allocations);
      return ledger;
    }
  }

  Verdict verdict() {
    return Verdict.of(generation.spec().analysis(), ledger());
  }

  /** Reads all live canaries now, on the calling thread. */
  void sweep() {
    var targets =
        ledger().live().stream()
            .filter(tally -> !tally.shown().address().isEmpty())
            .flatMap(
                tally ->
                    tally.counts().startedAt().stream()
                        .map(
                            start ->
                                new CounterSource.Canary(
                                    tally.allocId(), tally.shown().address(), start)))
            .toList();
    if (!targets.isEmpty()) {
      var alarmed = new AtomicBoolean();
      source.read(targets, generation.spec().counters(), reading -> took(reading, alarmed));
    }
  }

  private void loop() {
    var mine = vitals.open("counters-" + generation.run());
    pulse = Optional.of(mine);
    var interval = generation.spec().counters().interval();
    while (!stopped) {
      var begun = scheduler.monotonic();
      trySweep();
      var rest = interval.minus(scheduler.monotonic().minus(begun));
      if (rest.isPositive() && !stopped) {
        mine.rest(pace, rest);
      } else {
        mine.passed();
      }
    }
    vitals.close(mine);
  }

  private void trySweep() {
    try {
      sweep();
      setbacks.over();
    } catch (RuntimeException e) {
      var _ = setbacks.failed(e); // They are read on at their own pace.
    }
  }

  /**
   * @param alarmed whether the alarm was given in this sweep: a stop order that is not accepted may
   *     take long, and must not be repeated for each of many canaries
   */
  private void took(Reading reading, AtomicBoolean alarmed) {
    var before = verdict().finding();
    synchronized (lock) {
      ledger = ledger.read(reading);
    }
    var now = verdict();
    if (now.isBad() && !stopped && alarmed.compareAndSet(false, true)) {
      alarm.bad(reading.at());
    }
    if (now.finding() != before) {
      news.give();
    }
  }
}
