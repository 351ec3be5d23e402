package io.canaryrun.operator;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.port.CounterSource.Canary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells from the counters of production, read twice, how fast requests come in. */
final class Forecaster {
  /** Long enough that a few requests per second are told from none. */
  static final Duration BETWEEN_READS = Duration.ofSeconds(5);

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private final Ports ports;

  Forecaster(Ports ports) {
    this.ports = ports;
  }

  Forecast of(Generation generation, Optional<JobDocument> production) {
    if (production.isEmpty()) {
      return new Forecast.Unknown(
          "the definition names no production job whose requests could be counted");
    }
    var counters = generation.spec().counters();
    var running =
        ports
            .cluster()
            .allocations(generation.spec().nomad(), production.get().id(), counters.port())
            .stream()
            .filter(allocation -> allocation.isLive() && allocation.state() == State.RUNNING)
            .toList();
    return running.isEmpty()
        ? new Forecast.Unknown(
            "no allocation of job %s with a port \"%s\" runs"
                .formatted(production.get().id(), counters.port()))
        : of(generation, running);
  }

  private Forecast of(Generation generation, List<AllocationSeen> running) {
    var counters = generation.spec().counters();
    var canaries = running.stream().flatMap(it -> canary(it).stream()).toList();
    // What a process that has just begun needs for its first request is no fault of production's.
    var _ = read(canaries, counters);
    var first = read(canaries, counters);
    ports.scheduler().signal().await(BETWEEN_READS);
    var second = read(canaries, counters);
    var rates = new ArrayList<Double>();
    var unread = Optional.<String>empty();
    for (var allocation : running) {
      var before = Optional.ofNullable(first.get(allocation.allocId()));
      var after = Optional.ofNullable(second.get(allocation.allocId()));
      var rate = before.flatMap(from -> after.flatMap(to -> rate(from, to)));
      rate.ifPresent(rates::add);
      if (rate.isEmpty()) {
        unread = unread.or(() -> Optional.of(problem(allocation, before, after)));
      }
    }
    return of(generation, running.size(), rates, unread);
  }

  private static Forecast of(
      Generation generation, int production, List<Double> rates, Optional<String> unread) {
    if (rates.isEmpty()) {
      return new Forecast.Unknown("production's counters cannot be read: " + unread.orElseThrow());
    }
    var perSecond =
        production * rates.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    if (perSecond == 0) {
      return new Forecast.Unknown(
          "production served no request within %d s".formatted(BETWEEN_READS.toSeconds()));
    }
    int canaries = generation.canaries();
    var share = (double) canaries / (canaries + production);
    var seconds = generation.spec().analysis().requests() / (perSecond * share);
    return new Forecast.Expected(
        perSecond, canaries, production, Duration.ofSeconds((long) Math.ceil(seconds)), unread);
  }

  private static Optional<Canary> canary(AllocationSeen allocation) {
    return allocation
        .address()
        .flatMap(
            address ->
                allocation
                    .processStartedAt()
                    .map(since -> new Canary(allocation.allocId(), address, since)));
  }

  private Map<String, Reading> read(List<Canary> canaries, Counters counters) {
    var readings = new HashMap<String, Reading>();
    ports.counters().read(canaries, counters, reading -> readings.put(reading.allocId(), reading));
    return readings;
  }

  /** Empty: one of the two failed, or another process answered. */
  private static Optional<Double> rate(Reading from, Reading to) {
    return from.result() instanceof Counted(var before, _)
            && to.result() instanceof Counted(var after, _)
            && after >= before
        ? Optional.of((after - before) / seconds(Duration.between(from.at(), to.at())))
        : Optional.empty();
  }

  private static double seconds(Duration time) {
    return Math.max(1, time.toNanos()) / (double) NANOS_PER_SECOND;
  }

  private static String problem(
      AllocationSeen allocation, Optional<Reading> before, Optional<Reading> after) {
    var failure =
        before
            .flatMap(Forecaster::failure)
            .or(() -> after.flatMap(Forecaster::failure))
            .orElse(
                before.isEmpty()
                    ? "it has no address yet"
                    : "they fell, so it was restarted in between");
    return "allocation %s%s: %s"
        .formatted(
            allocation.allocId(),
            allocation.address().map(address -> " at " + address).orElse(""),
            failure);
  }

  private static Optional<String> failure(Reading reading) {
    return reading.result() instanceof Failed(var why) ? Optional.of(why) : Optional.empty();
  }
}
