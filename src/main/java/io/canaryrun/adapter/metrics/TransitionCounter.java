package io.canaryrun.adapter.metrics;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Notifier;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts transitions by phase and reason; runs are no label, there may be any number of them. */
public final class TransitionCounter implements Notifier {
  private final MeterRegistry registry;

  public TransitionCounter(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void transition(RunStatus status) {
    registry
        .counter(
            "canary.transitions",
            "phase",
            status.phase().word(),
            "reason",
            status.phase().endReason().map(reason -> reason.word()).orElse(""))
        .increment();
  }
}
