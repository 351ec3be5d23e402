package io.canaryrun.operator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How soon a daemon claims a run after it found it free: later the more runs it holds already. So
 * daemons that find many free runs at the same moment fill up evenly, like vessels that are
 * connected: the one with the fewest runs is always the next.
 */
final class ClaimPace {
  /** With very many runs. A run that was handed over is to go on within a second. */
  static final Duration SLOWEST = Duration.ofMillis(200);

  /** Beside it, so that those who hold equally many do not all try at the same moment. */
  static final Duration JITTER = Duration.ofMillis(30);

  /** With how many runs it is half as slow as can be. */
  private static final int HALF_AT = 4;

  private final RandomGenerator random;

  ClaimPace(RandomGenerator random) {
    this.random = random;
  }

  /**
   * @param held how many runs are held by now
   * @return how long after a run was found free it is to be claimed
   */
  Duration delay(int held) {
    long load = SLOWEST.toNanos() * held / (held + HALF_AT);
    return Duration.ofNanos(load + random.nextLong(JITTER.toNanos()));
  }

  /** Each daemon begins elsewhere. */
  <T> List<T> shuffled(List<T> free) {
    var order = new ArrayList<>(free);
    Collections.shuffle(order, random);
    return order;
  }
}
