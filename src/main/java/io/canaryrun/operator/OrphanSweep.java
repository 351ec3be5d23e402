package io.canaryrun.operator;

import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.port.Cluster.StampedJob;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredStatus;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
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
  private final Classifier classifier;
  private final String owner;

  OrphanSweep(
      Ports ports,
      OperatorSettings settings,
      Effects effects,
      Classifier classifier,
      String owner) {
    this.ports = ports;
    this.settings = settings;
    this.effects = effects;
    this.classifier = classifier;
    this.owner = owner;
  }

  /** One round; what cannot be asked now is left to the next. */
  void sweep() {
    try {
      for (var job : ports.cluster().stampedJobs(settings.allow().namespaces(), Optional.empty())) {
        Stamps.of(job.meta())
            .filter(stamps -> !job.stopped() && stamps.owner().equals(owner))
            .ifPresent(stamps -> check(job, stamps));
      }
    } catch (PortFailure e) {
      LOG.warnf("orphan sweep: %s", e.getMessage());
    }
  }

  private void check(StampedJob listed, Stamps stamps) {
    try {
      switch (stamps.role()) {
        case CANARY -> checkCanary(listed);
        case PRODUCTION -> checkProduction(listed, stamps);
      }
    } catch (PortFailure e) {
      LOG.warnf("orphan sweep of job %s: %s", listed.jobId(), e.getMessage());
    }
  }

  /** Nomad is read first: a generation that ends after that has left its tombstone already. */
  private void checkCanary(StampedJob listed) {
    ports
        .cluster()
        .job(listed.target(), listed.jobId())
        .filter(job -> !job.stopped())
        .ifPresent(job -> check(listed, job));
  }

  /**
   * A generation that ended otherwise than well has no canaries in production. One that is unknown
   * is left to people: what production was before, is unknown as well.
   */
  private void checkProduction(StampedJob listed, Stamps stamps) {
    ports
        .store()
        .generation(stamps.run(), stamps.generation())
        .filter(generation -> generation.mode() == CanaryJobSpec.Mode.DEPLOYMENT)
        .filter(generation -> classifier.unpromoted(generation).isPresent())
        .filter(_ -> endedBadly(stamps))
        .ifPresent(
            generation -> {
              LOG.warnf(
                  "taking back canaries of job %s: generation %d of run %s has ended",
                  listed.jobId(), stamps.generation(), stamps.run());
              var _ = effects.takeBack(generation);
            });
  }

  private boolean endedBadly(Stamps stamps) {
    var stored = ports.store().status(stamps.run());
    var present = stored.flatMap(StoredStatus::status);
    var last =
        Stream.concat(present.stream(), ports.store().history(stamps.run()).stream())
            .filter(status -> isOf(status, stamps))
            .findFirst();
    return last.isEmpty()
        ? present.isEmpty() && isAbandoned(stored, stamps.run())
        : last.filter(status -> status.phase().isTerminal())
            .flatMap(status -> status.phase().endReason())
            .filter(reason -> reason.outcome() != Outcome.SUCCEEDED)
            .isPresent();
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
    var stored = ports.store().status(stamps.run());
    var status = stored.flatMap(StoredStatus::status);
    if (!isKnown(stamps)) {
      return Optional.of(
          status.filter(now -> isOf(now, stamps)).isPresent()
              ? Reason.ABORTED_BY_PERSON
              : Reason.SUPERSEDED);
    }
    return status.isEmpty()
        ? Optional.of(Reason.ABORTED_BY_PERSON).filter(_ -> isAbandoned(stored, stamps.run()))
        : status
            .filter(now -> hasEnded(now, stamps.generation()))
            .map(now -> endOf(now, stamps.generation()));
  }

  /** Whether the key is there: what is not readable may be so to another version only. */
  private boolean isKnown(Stamps stamps) {
    try {
      return ports.store().generation(stamps.run(), stamps.generation()).isPresent();
    } catch (PortFailure.Corrupt unreadable) {
      return true;
    }
  }

  private static boolean isOf(RunStatus status, Stamps stamps) {
    return status.generation().equals(OptionalLong.of(stamps.generation()));
  }

  /** Somebody removed the status or wrote over it, and no daemon will take the run up. */
  private boolean isAbandoned(Optional<StoredStatus> stored, String run) {
    return stored.isEmpty()
        || (stored.get().lockedBy().isEmpty() && ports.store().definition(run).isEmpty());
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
