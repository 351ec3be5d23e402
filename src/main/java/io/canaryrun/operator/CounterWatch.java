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

/**
 * Reads the counters of a generation's canaries each interval, on a thread of its own, so that no
 * slow answer of Consul or Nomad holds it up. The first reading that makes the verdict bad is
 * answered at once.
 */
final class CounterWatch {
  /** Told of a reading that makes the verdict bad; asked again at each reading after it. */
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
  private final Object lock = new Object();
  private Ledger ledger;
  private volatile boolean stopped;
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
  }

  void start() {
    task = scheduler.start("counters-" + generation.run(), this::loop);
  }

  void stop() {
    stopped = true;
    pace.give();
    task.interrupt();
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
      source.read(targets, generation.spec().counters(), this::took);
    }
  }

  private void loop() {
    var pulse = vitals.open("counters-" + generation.run());
    var interval = generation.spec().counters().interval();
    while (!stopped) {
      var begun = scheduler.monotonic();
      sweep();
      var rest = interval.minus(scheduler.monotonic().minus(begun));
      if (rest.isPositive() && !stopped) {
        pulse.rest(pace, rest);
      } else {
        pulse.passed();
      }
    }
    vitals.close(pulse); // Not where it fails: nobody reads the counters then.
  }

  private void took(Reading reading) {
    var before = verdict().finding();
    synchronized (lock) {
      ledger = ledger.read(reading);
    }
    var now = verdict();
    if (now.isBad() && !stopped) {
      alarm.bad(reading.at());
    }
    if (now.finding() != before) {
      news.give();
    }
  }
}
