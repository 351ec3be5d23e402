package io.canaryrun.core.spec;

import java.util.Optional;

/**
 * Where in Nomad the run's jobs live.
 *
 * @param namespace default {@code default}
 * @param region empty: the region of the Nomad agent that is asked
 */
public record Target(String namespace, Optional<String> region) {}
