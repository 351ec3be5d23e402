package io.canaryrun.operator;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster.StampedJob;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

  /** Regions that could not be looked at last time. */
  private final Set<String> unswept = new HashSet<>();

  /** What nobody carries on any more. */
  sealed interface Orphan {

    /** What it is, and why it should not be. */
    String inWords();

    /**
     * A canary job.
     *
     * @param job as it was seen, live
     */
    record CanaryJob(Target target, JobSeen job, Reason why) implements Orphan {
      @Override
      public String inWords() {
        return "canary job %s, %s: %s"
            .formatted(job.document().id(), Classifier.whose(job), why.word());
      }
    }

    /**
     * Unpromoted canaries in production of a generation that is unknown: what production was before
     * is unknown as well.
     */
    record LostCanaries(Target target, JobSeen job, String deploymentId) implements Orphan {
      @Override
      public String inWords() {
        return "canaries of job %s, %s, which is unknown; production stays at version %d"
            .formatted(job.document().id(), Classifier.whose(job), job.version());
      }
    }

    /** Production as a generation left it that ended unpromoted. */
    record Canaries(Generation ended) implements Orphan {
      @Override
      public String inWords() {
        return "canaries of job %s: generation %d of run %s has ended"
            .formatted(ended.productionJob().orElseThrow().id(), ended.number(), ended.run());
      }
    }
  }

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

  /**
   * One round; what cannot be asked now is left to the next.
   *
   * @param onStep told whenever a job is done
   */
  void sweep(Runnable onStep) {
    try {
      regions().forEach(region -> sweep(region, onStep));
    } catch (PortFailure e) {
      LOG.warnf("orphan sweep: %s", e.getMessage());
    }
  }

  private void sweep(String region, Runnable onStep) {
    try {
      for (var job : candidates(region)) {
        sweep(job);
        onStep.run();
      }
      unswept.remove(region);
    } catch (PortFailure e) {
      var level = unswept.add(region) ? Logger.Level.WARN : Logger.Level.DEBUG;
      LOG.logf(level, "orphan sweep of region %s: %s", region, e.getMessage());
    }
  }

  private void sweep(StampedJob job) {
    try {
      find(job)
          .ifPresent(
              orphan -> {
                LOG.warnf("ending orphaned %s", orphan.inWords());
                var _ = end(orphan);
              });
    } catch (PortFailure e) {
      LOG.warnf("orphan sweep of job %s: %s", job.jobId(), e.getMessage());
    }
  }

  /** Those of Nomad: whoever named one may be gone with all his keys. */
  List<String> regions() {
    return ports.cluster().regions();
  }

  /** This installation's live jobs in a region, orphans or not. */
  List<StampedJob> candidates(String region) {
    return ports.cluster().stampedJobs(settings.allow().searched(), Optional.of(region)).stream()
        .filter(job -> !job.stopped())
        .filter(job -> Stamps.of(job.meta()).filter(it -> it.owner().equals(owner)).isPresent())
        .toList();
  }

  /** What of a candidate is an orphan; empty: nothing. */
  Optional<Orphan> find(StampedJob candidate) {
    var stamps = Stamps.of(candidate.meta()).orElseThrow();
    return switch (stamps.role()) {
      case CANARY -> canaryJob(candidate);
      case PRODUCTION -> canaries(candidate, stamps);
    };
  }

  /**
   * @return false: somebody changed the job meanwhile, look again
   */
  boolean end(Orphan orphan) {
    return switch (orphan) {
      case Orphan.CanaryJob(var target, var job, var why) -> effects.stop(target, job, why);
      case Orphan.Canaries(var ended) -> effects.takeBack(ended);
      case Orphan.LostCanaries(var target, _, var deployment) -> effects.fail(target, deployment);
    };
  }

  /** Nomad is read first: a generation that ends after that has left its tombstone already. */
  private Optional<Orphan> canaryJob(StampedJob listed) {
    return ports
        .cluster()
        .job(listed.target(), listed.jobId())
        .filter(job -> !job.stopped())
        .flatMap(
            job ->
                Stamps.of(job.meta())
                    .flatMap(this::whyOrphan)
                    .map(why -> new Orphan.CanaryJob(listed.target(), job, why)));
  }

  private Optional<Orphan> canaries(StampedJob listed, Stamps stamps) {
    var generation = known(stamps);
    return generation.isPresent()
        ? generation.flatMap(it -> canaries(it, stamps))
        : lostCanaries(listed);
  }

  /** A generation that ended otherwise than well has nothing in production. */
  private Optional<Orphan> canaries(Generation frozen, Stamps stamps) {
    return Optional.of(frozen)
        .filter(generation -> generation.mode() == CanaryJobSpec.Mode.DEPLOYMENT)
        .filter(generation -> classifier.unreturned(generation).isPresent())
        .filter(_ -> endedBadly(stamps))
        .map(Orphan.Canaries::new);
  }

  private Optional<Orphan> lostCanaries(StampedJob listed) {
    return ports
        .cluster()
        .job(listed.target(), listed.jobId())
        .filter(job -> Stamps.of(job.meta()).flatMap(this::whyOrphan).isPresent())
        .flatMap(
            job ->
                classifier
                    .unpromoted(listed.target(), job)
                    .map(it -> new Orphan.LostCanaries(listed.target(), job, it)));
  }

  private boolean endedBadly(Stamps stamps) {
    var stored = ports.store().status(stamps.run());
    var present = stored.flatMap(StoredStatus::status);
    var last =
        Stream.concat(present.stream(), ports.store().history(stamps.run()).stream())
            .filter(status -> isOf(status, stamps))
            .findFirst();
    return last.isEmpty()
        ? present
            .map(now -> hasEnded(now, stamps.generation()))
            .orElseGet(() -> isAbandoned(stored, stamps.run()))
        : last.filter(status -> status.phase().isTerminal())
            .flatMap(status -> status.phase().endReason())
            .filter(reason -> reason.outcome() != Outcome.SUCCEEDED)
            .isPresent();
  }

  /** Empty: its generation is active, or may be. */
  private Optional<Reason> whyOrphan(Stamps stamps) {
    var stored = ports.store().status(stamps.run());
    var status = stored.flatMap(StoredStatus::status);
    if (status.isEmpty()) {
      return Optional.of(Reason.ABORTED_BY_PERSON).filter(_ -> isAbandoned(stored, stamps.run()));
    }
    var now = status.get();
    if (hasEnded(now, stamps.generation())) {
      return Optional.of(endOf(now, stamps.generation()));
    }
    return isOf(now, stamps) || known(stamps).isPresent()
        ? Optional.empty() // Its owner ends it, with or without what was frozen.
        : Optional.of(Reason.SUPERSEDED);
  }

  /** Empty: it was never frozen, or pruned, or somebody removed it or wrote over it. */
  private Optional<Generation> known(Stamps stamps) {
    try {
      return ports.store().generation(stamps.run(), stamps.generation());
    } catch (PortFailure.Corrupt unreadable) {
      return Optional.empty();
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
