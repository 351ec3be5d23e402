package io.canaryrun.core.observation;

import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.core.spec.CanaryRun;
import java.util.List;
import java.util.Optional;

/**
 * What one generation of a run means, frozen before anything is submitted; every later phase reads
 * only this.
 *
 * @param number the ModifyIndex of the definition
 * @param digest of the definition, {@code sha256:…}
 * @param definition the definition as its user wrote it
 * @param spec the same, read
 * @param canaryJob stamped, as it is to be registered; mode {@code deployment}: the production job
 *     with canaries of its own
 * @param canaries how many canary allocations must be healthy
 * @param services names under which the canaries register in Consul
 * @param productionJob stamped, as it is to be registered; empty where nothing is deployed
 * @param before production as it was; empty where there was none
 */
public record Generation(
    String run,
    long number,
    String digest,
    String definition,
    CanaryRun spec,
    JobDocument canaryJob,
    int canaries,
    List<String> services,
    Optional<JobDocument> productionJob,
    Optional<Production> before) {

  public Generation {
    services = List.copyOf(services);
  }

  /** How the canaries are started. */
  public CanaryJobSpec.Mode mode() {
    return spec.canary().mode();
  }

  /** The production job as it was when the generation was frozen. */
  public record Production(JobDocument document, long modifyIndex, long version) {
    public static Production of(JobSeen job) {
      return new Production(job.document(), job.modifyIndex(), job.version());
    }
  }
}
