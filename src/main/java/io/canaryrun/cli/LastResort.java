package io.canaryrun.cli;

import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
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

  /** A log may hang as well: nobody takes what it prints. */
  private static final Duration LOG_AT_MOST = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(LastResort.class);

  private final Watchdog watchdog;
  private final Scheduler scheduler;
  private final IntConsumer end;

  /**
   * @param end ends the process with that exit code
   */
  LastResort(Watchdog watchdog, Scheduler scheduler, IntConsumer end) {
    this.watchdog = watchdog;
    this.scheduler = scheduler;
    this.end = end;
  }

  /** Watches until the process ends, on a thread that needs no carrier of virtual threads. */
  void start() {
    Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
  }

  private void watch() {
    var pause = scheduler.signal();
    while (true) {
      try {
        look();
      } catch (RuntimeException e) {
        tell(() -> LOG.error("looking for threads that hang; it is repeated", e));
      }
      pause.await(Watchdog.EVERY);
    }
  }

  void look() {
    var stuck = watchdog.check();
    if (!stuck.isEmpty()) {
      try {
        var why = stuck.stream().map(Watchdog.Stuck::inWords).collect(Collectors.joining("; "));
        tell(() -> LOG.fatalf("ending this process with exit code %d: %s", EXIT_CODE, why));
      } finally {
        end.accept(EXIT_CODE);
      }
    }
  }

  private static void tell(Runnable log) {
    try {
      Thread.ofPlatform().daemon().name("watchdog-log").start(log).join(LOG_AT_MOST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
