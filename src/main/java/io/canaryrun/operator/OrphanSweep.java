package io.canaryrun.operator;

import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Cluster.StampedJob;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredStatus;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Stops canary jobs of this installation whose generation has ended or is unknown: what a late
 * submission of somebody who was thought dead left running.
 */
final class OrphanSweep {
  private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

  private final Ports ports;
  private final OperatorSettings settings;
  private final Effects effects;
  private final String owner;

  OrphanSweep(Ports ports, OperatorSettings settings, Effects effects, String owner) {
    this.ports = ports;
    this.settings = settings;
    this.effects = effects;
    this.owner = owner;
  }

  /** One round; what cannot be asked now is left to the next. */
  void sweep() {
    try {
      ports.cluster().stampedJobs(settings.allow().namespaces(), Optional.empty()).stream()
          .filter(job -> !job.stopped() && isCanary(job))
          .forEach(this::check);
    } catch (PortFailure e) {
      LOG.warnf("orphan sweep: %s", e.getMessage());
    }
  }

  private boolean isCanary(StampedJob job) {
    return Stamps.of(job.meta())
        .filter(stamps -> stamps.owner().equals(owner) && stamps.role() == Stamps.Role.CANARY)
        .isPresent();
  }

  /** Nomad is read first: a generation that ends after that has left its tombstone already. */
  private void check(StampedJob listed) {
    try {
      ports
          .cluster()
          .job(listed.target(), listed.jobId())
          .filter(job -> !job.stopped())
          .ifPresent(job -> check(listed, job));
    } catch (PortFailure e) {
      LOG.warnf("orphan sweep of job %s: %s", listed.jobId(), e.getMessage());
    }
  }

  private void check(StampedJob listed, JobSeen job) {
    Stamps.of(job.meta())
        .flatMap(this::whyOrphan)
        .ifPresent(
            why -> {
              LOG.warnf("stopping orphaned canary job %s: %s", listed.jobId(), why.word());
              var _ = effects.stop(listed.target(), job, why);
            });
  }

  /** Empty: its generation is active, or may be. */
  private Optional<Reason> whyOrphan(Stamps stamps) {
    var status = ports.store().status(stamps.run()).flatMap(StoredStatus::status);
    var known = ports.store().generation(stamps.run(), stamps.generation()).isPresent();
    if (!known) {
      return Optional.of(Reason.SUPERSEDED);
    }
    return status
        .filter(now -> hasEnded(now, stamps.generation()))
        .map(now -> endOf(now, stamps.generation()));
  }

  private static boolean hasEnded(RunStatus status, long generation) {
    var present = status.generation().orElse(0);
    return present > generation || (present == generation && status.phase().isTerminal());
  }

  private static Reason endOf(RunStatus status, long generation) {
    return status.generation().orElse(0) == generation
        ? status.phase().endReason().orElse(Reason.SUPERSEDED)
        : Reason.SUPERSEDED;
  }
}
