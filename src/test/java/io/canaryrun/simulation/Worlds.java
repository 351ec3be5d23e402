package io.canaryrun.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Many worlds, several at a time. */
final class Worlds {
  private static final int AT_ONCE = 8;

  private Worlds() {}

  /** What is broken in them all. */
  static List<String> broken(List<Callable<List<String>>> worlds) throws InterruptedException {
    var broken = new ArrayList<String>();
    // Threads of a world take turns: handing over is cheap between virtual threads alone.
    try (var workers = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (var done : workers.invokeAll(worlds)) {
        broken.addAll(done.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a world broke down", e.getCause());
    }
    return broken;
  }
}
