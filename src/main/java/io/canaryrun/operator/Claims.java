package io.canaryrun.operator;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Two active runs must not be about one job: a status claims the jobs of a frozen generation until
 * its end.
 *
 * <p>Two that are frozen at the same time may not have seen each other. Each looks again before it
 * registers anything, and then at least one of them sees the other. Nomad would not keep them
 * apart: it compares an EnforceIndex before it writes a job, not while, so that two registrations
 * at the same moment may both pass.
 */
final class Claims {
  private final RunStore store;

  Claims(RunStore store) {
    this.store = store;
  }

  /**
   * Before a run is frozen: whoever has one of its jobs already, is first.
   *
   * @throws PortFailure.Rejected another run has
   */
  void check(CanaryRun run, Stream<JobDocument> jobs) {
    other(run, jobs, _ -> true)
        .ifPresent(
            taken -> {
              throw new PortFailure.Rejected(taken);
            });
  }

  /**
   * After that: the run of the earlier definition is first.
   *
   * @return which one that is, where it is another one
   */
  Optional<String> earlier(Generation generation) {
    return other(
        generation.spec(),
        Stream.concat(Stream.of(generation.canaryJob()), generation.productionJob().stream()),
        other -> other.generation().orElse(Long.MAX_VALUE) < generation.number());
  }

  private Optional<String> other(
      CanaryRun run, Stream<JobDocument> jobs, Predicate<RunStatus> isFirst) {
    var first =
        store.statuses().stream()
            .flatMap(stored -> stored.status().stream())
            .filter(other -> !other.name().equals(run.name()) && !other.phase().isTerminal())
            .filter(isFirst)
            .toList();
    return jobs.map(JobDocument::id)
        .flatMap(
            jobId ->
                first.stream()
                    .filter(other -> isAbout(other.nomad(), run.nomad(), jobId))
                    .map(
                        other ->
                            "job %s is that of the active run %s: wait for it"
                                .formatted(jobId, other.name())))
        .findFirst();
  }

  /** One of them may be called by its name here, and be the agents' own there. */
  private static boolean isSameRegion(Optional<String> one, Optional<String> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  private static boolean isAbout(RunStatus.NomadJobs jobs, Target target, String jobId) {
    return jobs.namespace().equals(target.namespace())
        && isSameRegion(jobs.region(), target.region())
        && (jobs.canaryJob().equals(Optional.of(jobId))
            || jobs.productionJob().equals(Optional.of(jobId)));
  }
}
