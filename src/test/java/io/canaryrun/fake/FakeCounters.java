package io.canaryrun.fake;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.analysis.Reading.Result;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.fake.FakeNomad.LiveAllocation;
import io.canaryrun.port.CounterSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The counters of whatever process answers at an allocation's address now. */
public final class FakeCounters implements CounterSource {
  private final InstantSource time;
  private final FakeNomad nomad;
  private final Function<LiveAllocation, Result> traffic;
  private final Map<Serving, Long> told = new HashMap<>();

  /** A process of an allocation. */
  private record Serving(String allocId, Instant startedAt) {}

  /**
   * @param traffic what a running process counted by now
   */
  public FakeCounters(
      InstantSource time, FakeNomad nomad, Function<LiveAllocation, Result> traffic) {
    this.time = time;
    this.nomad = nomad;
    this.traffic = traffic;
  }

  @Override
  public void read(Collection<Canary> canaries, Counters counters, Consumer<Reading> each) {
    for (var canary : canaries) {
      var result =
          nomad
              .answering(canary.allocId())
              .map(this::answer)
              .orElseGet(() -> new Failed("connection refused"));
      each.accept(new Reading(canary.allocId(), canary.processStartedAt(), time.instant(), result));
    }
  }

  private Result answer(LiveAllocation allocation) {
    var answer = traffic.apply(allocation);
    if (answer instanceof Counted(var requests, _)) {
      var process = new Serving(allocation.id(), allocation.processStartedAt());
      told.merge(process, requests, Math::max);
    }
    return answer;
  }

  /** The requests that all processes of an allocation have told of. */
  public long told(String allocId) {
    return told.entrySet().stream()
        .filter(process -> process.getKey().allocId.equals(allocId))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
