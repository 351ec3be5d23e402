package io.canaryrun.operator;

import io.canaryrun.core.observation.Line;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredStatus;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Forgets runs that ended long ago and whose definition was deleted: names that are used once, such
 * as those of branches, must not pile up in Consul KV.
 */
final class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);

  private final Ports ports;
  private final OperatorSettings settings;

  Retention(Ports ports, OperatorSettings settings) {
    this.ports = ports;
    this.settings = settings;
  }

  /**
   * One round; what cannot be asked now is left to the next.
   *
   * @param onStep told whenever a run is forgotten
   */
  void sweep(Runnable onStep) {
    try {
      for (var old : ports.store().statuses().stream().filter(this::isOld).toList()) {
        forget(old);
        onStep.run();
      }
    } catch (PortFailure e) {
      LOG.warnf("retention: %s", e.getMessage());
    }
  }

  /** Ended so long ago that it is forgotten, unless somebody defines it. */
  boolean isOld(StoredStatus stored) {
    var before = ports.scheduler().now().minus(settings.historyKeepDeleted());
    return stored.lockedBy().isEmpty()
        && stored
            .status()
            .filter(status -> status.phase().isTerminal())
            .flatMap(status -> status.finishedAt())
            .filter(finished -> finished.isBefore(before))
            .isPresent();
  }

  private void forget(StoredStatus ended) {
    if (ports.store().forget(ended.name(), Optional.of(ended))) {
      LOG.infof("run %s: forgotten, its definition was deleted", Line.of(ended.name()));
    }
  }
}
