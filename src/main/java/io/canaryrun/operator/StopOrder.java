package io.canaryrun.operator;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Stops the canary at the first error beyond the budget, on the counters' own thread and whatever
 * the run's worker is waiting for; until production may have been changed.
 */
final class StopOrder {
  private static final Logger LOG = Logger.getLogger(StopOrder.class);

  private final Generation generation;
  private final Effects effects;
  private final Scheduler scheduler;
  private volatile boolean armed;
  private volatile boolean given;

  /**
   * @param phase in which the run is taken up
   */
  StopOrder(Generation generation, Phase phase, Effects effects, Scheduler scheduler) {
    this.generation = generation;
    this.effects = effects;
    this.scheduler = scheduler;
    entered(phase);
  }

  /** The run's phase has been persisted. */
  void entered(Phase phase) {
    armed = generation.mode() == CanaryJobSpec.Mode.JOB && watches(phase);
  }

  /** In mode {@code deployment}, only who holds the run may act: its worker does. */
  private boolean watches(Phase phase) {
    return switch (phase) {
      case Phase.SubmittingJob _, Phase.WaitingHealthy _, Phase.Observing _ -> true;
      case Phase.Promoting promoting -> armed && !promoting.deployed();
      case Phase.Pending _, Phase.Aborting _, Phase.Ended _ -> false;
    };
  }

  /** From here on only Nomad's answer leads elsewhere. */
  void disarm() {
    armed = false;
  }

  /** Production is as it was, and Nomad was not asked to change it, or has refused to. */
  void rearm() {
    armed = generation.mode() == CanaryJobSpec.Mode.JOB;
  }

  /**
   * There are more errors than are allowed.
   *
   * @param readAt when that was read
   */
  void give(Instant readAt) {
    if (!armed || given) {
      return;
    }
    try {
      if (effects.stopForErrors(generation)) {
        given = true;
        LOG.infof(
            "run %s: stop order accepted %d ms after the error was read",
            generation.run(), Duration.between(readAt, scheduler.now()).toMillis());
      }
    } catch (PortFailure e) {
      LOG.warnf("run %s: stop order not accepted yet: %s", generation.run(), e.getMessage());
    }
  }
}
