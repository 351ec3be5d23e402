package io.canaryrun.boot;

import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The machine's clocks, virtual threads, and chance. */
public final class SystemScheduler implements Scheduler {

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Duration monotonic() {
    return Duration.ofNanos(System.nanoTime());
  }

  @Override
  public Task start(String name, Runnable work) {
    return new VirtualThread(Thread.ofVirtual().name(name).start(work));
  }

  @Override
  public Signal signal() {
    return new SemaphoreSignal(new Semaphore(0));
  }

  @Override
  public RandomGenerator random() {
    return new Random();
  }

  private record VirtualThread(Thread thread) implements Task {
    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public void join() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private record SemaphoreSignal(Semaphore permits) implements Signal {
    @Override
    public void give() {
      permits.release();
    }

    @Override
    public boolean await(Duration atMost) {
      try {
        var given = permits.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        permits.drainPermits(); // Two wake-ups are one.
        return given;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
