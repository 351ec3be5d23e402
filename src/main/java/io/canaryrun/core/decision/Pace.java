package io.canaryrun.core.decision;

import java.time.Duration;

/** How soon a run looks again by itself; news make it look sooner. */
final class Pace {
  /** Where an answer is missing or something is under way. */
  static final Duration WAITING = Duration.ofSeconds(1);

  private Pace() {}

  static Decision.Hold hold(String why) {
    return new Decision.Hold(WAITING, why);
  }
}
