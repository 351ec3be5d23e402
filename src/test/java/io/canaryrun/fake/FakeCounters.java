package io.canaryrun.fake;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.analysis.Reading.Result;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.fake.FakeNomad.LiveAllocation;
import io.canaryrun.port.CounterSource;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Function;

/** The counters of whatever process answers at an allocation's address now. */
public final class FakeCounters implements CounterSource {
  private final InstantSource time;
  private final FakeNomad nomad;
  private final Function<LiveAllocation, Result> traffic;

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
              .map(traffic)
              .orElseGet(() -> new Failed("connection refused"));
      each.accept(new Reading(canary.allocId(), canary.processStartedAt(), time.instant(), result));
    }
  }
}
