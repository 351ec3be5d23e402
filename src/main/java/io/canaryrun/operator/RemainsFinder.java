package io.canaryrun.operator;

import io.canaryrun.codec.Jobs;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what a generation left, by the names in its run's status and the stamps in Nomad alone. */
final class RemainsFinder {
  private final Ports ports;
  private final Classifier classifier;

  RemainsFinder(Ports ports, Classifier classifier) {
    this.ports = ports;
    this.classifier = classifier;
  }

  Remains find(RunStatus status) {
    var names = status.nomad();
    var target = new Target(names.namespace(), names.region());
    return find(
        target,
        status.name(),
        status.generation().orElseThrow(),
        names.canaryJob().flatMap(id -> ports.cluster().job(target, id)),
        names.productionJob().flatMap(id -> ports.cluster().job(target, id)));
  }

  /**
   * @param canaryJob the job under the canary job's ID, whosever it is
   * @param production likewise
   */
  Remains find(
      Target target,
      String run,
      long number,
      Optional<JobSeen> canaryJob,
      Optional<JobSeen> production) {
    var canaries =
        Stream.concat(
                canaries(target, canaryJob, Role.CANARY, number),
                canaries(target, production, Role.PRODUCTION, number))
            .toList();
    return new Remains(
        target,
        canaryJob
            .filter(job -> !job.stopped())
            .filter(job -> classifier.isOf(job, run, Role.CANARY, number)),
        production
            .filter(job -> classifier.isOf(job, run, Role.PRODUCTION, number))
            .flatMap(job -> classifier.unpromoted(target, job)),
        (int) canaries.stream().filter(canary -> !canary.isGone()).count(),
        instances(Stream.of(canaryJob, production).flatMap(Optional::stream).toList(), canaries));
  }

  private Stream<AllocationSeen> canaries(
      Target target, Optional<JobSeen> job, Role role, long number) {
    return job.stream()
        .flatMap(it -> ports.cluster().canaries(target, it.document().id(), role, number).stream());
  }

  private int instances(List<JobSeen> jobs, List<AllocationSeen> canaries) {
    var services =
        jobs.stream().flatMap(job -> Jobs.consulServices(job.document()).stream()).distinct();
    var ids = canaries.stream().map(AllocationSeen::allocId).collect(Collectors.toSet());
    return (int)
        ports.services().instances(services.toList()).stream()
            .filter(instance -> ids.contains(instance.allocId()))
            .count();
  }
}
