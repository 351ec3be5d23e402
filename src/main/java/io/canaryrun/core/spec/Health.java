package io.canaryrun.core.spec;

import java.time.Duration;

/**
 * When the canary counts as healthy.
 *
 * @param deadline from the submission until enough canaries are healthy
 * @param stableFor how long enough canaries must have been healthy without a break
 * @param maxRestarts restarts of the group's tasks plus replacements of failed or lost allocations
 *     that are put up with, over the whole run
 */
public record Health(Duration deadline, Duration stableFor, int maxRestarts) {}
