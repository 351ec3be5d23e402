package io.canaryrun.e2e;

import java.util.ArrayList;
import java.util.List;

/** What a test opened must not outlive it. */
final class Closing {
  private Closing() {}

  /** Closes each in this order, whatever became of the one before; fails in the end. */
  static void all(List<? extends AutoCloseable> inOrder) {
    var failures = new ArrayList<Throwable>();
    for (var it : inOrder) {
      try {
        it.close();
      } catch (Exception | AssertionError e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      var failed = new IllegalStateException("not everything was closed", failures.getFirst());
      failures.stream().skip(1).forEach(failed::addSuppressed);
      throw failed;
    }
  }
}
