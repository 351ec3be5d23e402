package io.canaryrun.fake;

import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;

/** For what runs on one thread: waiting moves the clock. */
public record ManualScheduler(ManualTime time) implements Scheduler {
  @Override
  public Instant now() {
    return time.instant();
  }

  @Override
  public Duration monotonic() {
    return Duration.between(Instant.EPOCH, time.instant());
  }

  @Override
  public Task start(String name, Runnable work) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public RandomGenerator random() {
    return new Random(1);
  }

  @Override
  public Signal signal() {
    return new Signal() {
      @Override
      public void give() {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean await(Duration atMost) {
        time.pass(atMost);
        return false;
      }
    };
  }
}
