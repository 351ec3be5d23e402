package io.canaryrun.e2e;

import java.time.Duration;

/** Time that a schedule lets pass: not what a test waits for. */
final class Pause {
  private Pause() {}

  static void of(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
