package io.canaryrun.core.observation;

import java.time.Instant;
import java.util.Optional;

/**
 * A daemon, as it shows itself to people.
 *
 * @param instance its name; no two daemons have the same
 * @param version of the program
 * @param since when it was started
 * @param node the Nomad node that it runs on, where it was told
 */
public record Member(String instance, String version, Instant since, Optional<String> node) {}
