package io.canaryrun.boot;

import io.canaryrun.operator.Watchdog;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Ends the process when the watchdog finds a thread that hangs, so that Nomad starts it anew. It
 * does so at once: an orderly end would wait for that very thread. The runs are released when the
 * session ends.
 */
final class LastResort {
  /** Of BSD's sysexits.h: an error of the software itself. */
  static final int EXIT_CODE = 70;

  private static final Logger LOG = Logger.getLogger(LastResort.class);

  private final Watchdog watchdog;
  private final IntConsumer end;

  /**
   * @param end ends the process with that exit code
   */
  LastResort(Watchdog watchdog, IntConsumer end) {
    this.watchdog = watchdog;
    this.end = end;
  }

  /** Watches until the process ends, on a thread that needs no carrier of virtual threads. */
  void start() {
    Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
  }

  private void watch() {
    var pause = new SystemScheduler().signal();
    while (true) {
      look();
      pause.await(Watchdog.EVERY);
    }
  }

  void look() {
    var stuck = watchdog.check();
    if (!stuck.isEmpty()) {
      LOG.fatalf(
          "ending this process with exit code %d: %s",
          EXIT_CODE, stuck.stream().map(Watchdog.Stuck::inWords).collect(Collectors.joining("; ")));
      end.accept(EXIT_CODE);
    }
  }
}
