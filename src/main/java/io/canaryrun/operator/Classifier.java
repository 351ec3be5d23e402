package io.canaryrun.operator;

import io.canaryrun.codec.Jobs;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Tells what a registered job is from the point of view of one generation. */
final class Classifier {
  private final Cluster cluster;
  private final String owner;

  /**
   * @param owner the stamp of this installation
   */
  Classifier(Cluster cluster, String owner) {
    this.cluster = cluster;
    this.owner = owner;
  }

  CanaryJobSeen canaryJob(Generation generation) {
    return cluster
        .job(generation.spec().nomad(), generation.canaryJob().id())
        .map(job -> canaryJob(generation, job))
        .orElseGet(CanaryJobSeen.Absent::new);
  }

  private CanaryJobSeen canaryJob(Generation generation, JobSeen job) {
    var stamps = ownStamps(job, generation.run(), Stamps.Role.CANARY);
    if (stamps.isEmpty()) {
      return new CanaryJobSeen.Foreign(job.modifyIndex(), job.stopped(), whose(job));
    }
    long number = stamps.get().generation();
    if (number > generation.number()) {
      return new CanaryJobSeen.Later(number);
    }
    if (number < generation.number()) {
      return new CanaryJobSeen.Earlier(job.modifyIndex(), number, job.stopped());
    }
    if (job.stopped()) {
      return new CanaryJobSeen.Stopped(
          job.modifyIndex(), Optional.ofNullable(job.meta().get(Stamps.STOP_REASON)));
    }
    return Jobs.isSubmitted(generation.canaryJob(), job.document())
        ? new CanaryJobSeen.Ours(job.modifyIndex())
        : new CanaryJobSeen.Edited(job.modifyIndex());
  }

  /** The stamps of this installation's job of that run and role. */
  Optional<Stamps> ownStamps(JobSeen job, String run, Stamps.Role role) {
    return Stamps.of(job.meta())
        .filter(
            stamps ->
                stamps.owner().equals(owner) && stamps.run().equals(run) && stamps.role() == role);
  }

  boolean isOf(JobSeen job, String run, Stamps.Role role, long number) {
    return ownStamps(job, run, role).filter(stamps -> stamps.generation() == number).isPresent();
  }

  /** Whose a job is, in words. */
  static String whose(JobSeen job) {
    return Stamps.of(job.meta())
        .map(
            stamps ->
                "the %s job of run %s, generation %d, of %s"
                    .formatted(
                        stamps.role().word(), stamps.run(), stamps.generation(), stamps.owner()))
        .orElse("a job that no run registered");
  }

  /** The deployment with the unpromoted canaries of a job's present version. */
  Optional<String> unpromoted(Target target, JobSeen job) {
    return cluster.rollout(target, job.document().id(), job.version()).unpromoted();
  }

  /** Production in the version of a generation whose canaries wait or were given up. */
  Optional<ProductionSeen.Ours> unreturned(Generation generation) {
    return ours(generation).filter(ours -> isUnreturned(ours.rollout()));
  }

  private static boolean isUnreturned(Rollout rollout) {
    return rollout.unpromoted().isPresent() || rollout instanceof Rollout.Failed;
  }

  Optional<ProductionSeen.Ours> ours(Generation generation) {
    return production(generation) instanceof ProductionSeen.Ours ours
        ? Optional.of(ours)
        : Optional.empty();
  }

  ProductionSeen production(Generation generation) {
    var target = generation.spec().nomad();
    var id = generation.productionJob().orElseThrow().id();
    return cluster
        .job(target, id)
        .map(job -> production(generation, job))
        .orElseGet(
            () ->
                generation.before().isEmpty()
                    ? new ProductionSeen.AsFrozen(0, 0, new Rollout.Successful())
                    : new ProductionSeen.Changed("job " + id + " was removed from Nomad"));
  }

  private ProductionSeen production(Generation generation, JobSeen job) {
    if (isOfThis(generation, job)) {
      return promoted(generation, job);
    }
    var asFrozen =
        !job.stopped()
            && generation
                .before()
                .filter(before -> Jobs.sameButForCounts(before.document(), job.document()))
                .isPresent();
    if (!asFrozen) {
      return new ProductionSeen.Changed(
          "version %d of job %s is %s%s"
              .formatted(
                  job.version(),
                  job.document().id(),
                  job.stopped() ? "stopped, " : "",
                  whose(job)));
    }
    var target = generation.spec().nomad();
    var rollout = cluster.rollout(target, job.document().id(), job.version());
    return attempt(generation, target, job)
        .<ProductionSeen>map(
            version ->
                new ProductionSeen.Reverted(
                    job.modifyIndex(),
                    job.version(),
                    rollout,
                    cluster.rollout(target, job.document().id(), version)))
        .orElseGet(() -> new ProductionSeen.AsFrozen(job.modifyIndex(), job.version(), rollout));
  }

  private ProductionSeen promoted(Generation generation, JobSeen job) {
    if (job.stopped()) {
      return generation.before().isEmpty()
          ? new ProductionSeen.Withdrawn(job.modifyIndex())
          : new ProductionSeen.Changed("job " + job.document().id() + " was stopped");
    }
    return Jobs.isSubmitted(generation.productionJob().orElseThrow(), job.document())
        ? new ProductionSeen.Ours(
            job.modifyIndex(),
            job.version(),
            cluster.rollout(generation.spec().nomad(), job.document().id(), job.version()))
        : new ProductionSeen.Changed(
            "version %d of job %s was edited".formatted(job.version(), job.document().id()));
  }

  private boolean isOfThis(Generation generation, JobSeen job) {
    return isOf(job, generation.run(), Stamps.Role.PRODUCTION, generation.number());
  }

  /** The version that this generation registered; it can only be newer than the frozen one. */
  private Optional<Long> attempt(Generation generation, Target target, JobSeen job) {
    if (job.version() <= generation.before().orElseThrow().version()) {
      return Optional.empty();
    }
    return cluster.versions(target, job.document().id()).entrySet().stream()
        .filter(version -> Stamps.of(version.getValue()).filter(isOf(generation)).isPresent())
        .map(Map.Entry::getKey)
        .reduce((_, last) -> last);
  }

  /** The allocations that still belong to the version which a generation registered. */
  Set<String> allocationIds(Generation generation) {
    var target = generation.spec().nomad();
    var id = generation.productionJob().orElseThrow().id();
    // A person who edits that version leaves its stamps: only the first with them is ours.
    return cluster.versions(target, id).entrySet().stream()
        .filter(version -> Stamps.of(version.getValue()).filter(isOf(generation)).isPresent())
        .findFirst()
        .map(first -> cluster.allocationIds(target, id, first.getKey()))
        .orElse(Set.of());
  }

  private Predicate<Stamps> isOf(Generation generation) {
    return stamps ->
        stamps.owner().equals(owner)
            && stamps.run().equals(generation.run())
            && stamps.generation() == generation.number();
  }
}
