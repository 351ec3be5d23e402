package io.canaryrun.core.observation;

import io.canaryrun.core.spec.Target;
import java.util.Optional;

/**
 * What is left in Nomad and Consul of a generation whose frozen meaning is lost: its key was
 * removed or written over by hand while nobody had it in memory.
 *
 * @param canaryJob the live canary job with the generation's stamps
 * @param unpromoted the deployment with its unpromoted canaries in the production job
 * @param allocations canaries that have not ended
 * @param instances of canaries that Consul still knows
 */
public record Remains(
    Target target,
    Optional<JobSeen> canaryJob,
    Optional<String> unpromoted,
    int allocations,
    int instances) {}
