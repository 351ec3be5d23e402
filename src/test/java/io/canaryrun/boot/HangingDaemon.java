package io.canaryrun.boot;

import io.canaryrun.core.observation.Member;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.Operator;
import io.canaryrun.operator.Ports;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Leases;
import io.canaryrun.port.Scheduler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/** A program with a daemon on real threads, of which one waits for ever in its first call. */
final class HangingDaemon {
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final CountDownLatch HANGS = new CountDownLatch(1);

  private HangingDaemon() {}

  public static void main(String... arguments) throws InterruptedException {
    var surroundings = new Surroundings();
    var scheduler = new HurriedScheduler();
    var outside = surroundings.ports();
    var operator =
        new Operator(
            new Ports(
                outside.store(),
                hanging(outside.leases()),
                outside.cluster(),
                outside.services(),
                outside.counters(),
                outside.notifier(),
                scheduler),
            surroundings.settings(),
            new Member("test", "1", scheduler.now(), Optional.empty()));
    Runtime.getRuntime().addShutdownHook(new Thread(operator::stop));
    var resort =
        new LastResort(
            new Watchdog(operator.vitals(), scheduler), code -> Runtime.getRuntime().halt(code));
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
