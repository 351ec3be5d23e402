package io.canaryrun.core.spec;

import java.util.Optional;

/**
 * The canary itself.
 *
 * @param count canary allocations, 1 to {@value #MAX_COUNT}
 * @param suffix mode {@code job}: appended to the job ID and to each service name of a derived
 *     canary job
 * @param job a canary job written by hand; empty: derived from the production job
 */
public record CanaryJobSpec(Mode mode, int count, String suffix, Optional<JobSource> job) {

  /** So that the status, with one row per canary, stays within its limit. */
  public static final int MAX_COUNT = 500;

  public CanaryJobSpec {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count must be 1 to " + MAX_COUNT);
    }
  }

  /** How the canary is started. */
  public enum Mode {
    /** A separate Nomad job beside production. */
    JOB,
    /** The canaries of a Nomad deployment of the production job. */
    DEPLOYMENT
  }
}
