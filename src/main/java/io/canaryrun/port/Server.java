package io.canaryrun.port;

import java.time.Instant;
import java.util.Optional;

/**
 * A server program that answers.
 *
 * @param address at which it was asked
 * @param version like {@code 1.22.3}; empty: this process may not ask for it
 * @param time by its own clock, to the second
 */
public record Server(String address, Optional<String> version, Instant time) {}
