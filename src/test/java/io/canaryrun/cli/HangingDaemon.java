package io.canaryrun.cli;

import io.canaryrun.boot.SystemScheduler;
import io.canaryrun.core.observation.Member;
import io.canaryrun.fake.OneAtATime;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.Operator;
import io.canaryrun.operator.Ports;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.Leases;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/** A program with a daemon on real threads, of which one waits for ever in its first call. */
final class HangingDaemon {
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final CountDownLatch HANGS = new CountDownLatch(1);

  /** Held: a logger that nobody knows is forgotten, and its handlers with it. */
  private static final Logger LOG = Logger.getLogger(LastResort.class.getName());

  /** Argument: nobody takes what it logs in the end. */
  static final String LOG_HANGS = "log-hangs";

  private HangingDaemon() {}

  private static final class HangingLog extends Handler {
    @Override
    public void publish(LogRecord entry) {
      try {
        NEVER.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  public static void main(String... arguments) throws InterruptedException {
    var surroundings = new Surroundings();
    var scheduler = new HurriedScheduler();
    var outside = surroundings.ports();
    var operator =
        new Operator(
            new Ports(
                OneAtATime.of(RunStore.class, outside.store()),
                hanging(outside.leases()),
                OneAtATime.of(Cluster.class, outside.cluster()),
                outside.services(),
                outside.counters(),
                outside.notifier(),
                scheduler),
            surroundings.settings(),
            new Member("test", "1", scheduler.now(), Optional.empty()));
    Runtime.getRuntime().addShutdownHook(new Thread(operator::stop));
    var resort =
        new LastResort(
            new Watchdog(operator.vitals(), scheduler),
            scheduler,
            code -> Runtime.getRuntime().halt(code));
    if (List.of(arguments).contains(LOG_HANGS)) {
      LOG.addHandler(new HangingLog());
    }
    operator.start();
    HANGS.await();
    while (true) {
      scheduler.ahead = scheduler.ahead.plus(Watchdog.EVERY);
      resort.look();
    }
  }

  private static Leases hanging(Leases leases) {
    return (Leases)
        Proxy.newProxyInstance(
            Leases.class.getClassLoader(),
            new Class<?>[] {Leases.class},
            (_, method, arguments) -> {
              if (method.getName().equals("datacenter")) {
                waitForEver();
              }
              try {
                return method.invoke(leases, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void waitForEver() throws InterruptedException {
    HANGS.countDown();
    NEVER.await();
  }

  /** Real threads, and a clock that can be put forward. */
  private static final class HurriedScheduler implements Scheduler {
    private final Scheduler real = new SystemScheduler();
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant now() {
      return real.now().plus(ahead);
    }

    @Override
    public Duration monotonic() {
      return real.monotonic().plus(ahead);
    }

    @Override
    public Task start(String name, Runnable work) {
      return real.start(name, work);
    }

    @Override
    public Signal signal() {
      return real.signal();
    }

    @Override
    public RandomGenerator random() {
      return real.random();
    }
  }
}
