package io.canaryrun.core.phase;

import java.time.Instant;

/** One change of phase. */
public record Transition(String phase, Instant at, String message) {}
