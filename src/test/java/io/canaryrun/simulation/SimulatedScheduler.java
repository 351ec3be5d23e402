package io.canaryrun.simulation;

import io.canaryrun.port.Scheduler;
import io.canaryrun.simulation.SimulatedTime.Machine;
import io.canaryrun.simulation.SimulatedTime.SimulatedThread;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The scheduler of one machine in a simulated world. */
record SimulatedScheduler(SimulatedTime time, Machine machine) implements Scheduler {

  @Override
  public Instant now() {
    return time.instant().plus(machine.clockAhead());
  }

  @Override
  public Duration monotonic() {
    return time.sinceStart();
  }

  @Override
  public Task start(String name, Runnable work) {
    return new Started(time, time.start(machine, name, work));
  }

  @Override
  public Signal signal() {
    return new SimulatedSignal(time);
  }

  /** Another one on each machine, and the same whenever the world is replayed. */
  @Override
  public RandomGenerator random() {
    return new Random(machine.name.hashCode());
  }

  private record Started(SimulatedTime time, SimulatedThread thread) implements Task {
    @Override
    public void interrupt() {
      thread.interrupt();
      time.wake(thread);
    }

    @Override
    public void join() {
      time.join(thread);
    }
  }

  private static final class SimulatedSignal implements Signal {
    private final SimulatedTime time;
    private boolean given;
    private Optional<SimulatedThread> waiting = Optional.empty();

    SimulatedSignal(SimulatedTime time) {
      this.time = time;
    }

    @Override
    public void give() {
      given = true;
      waiting.ifPresent(time::wake);
    }

    @Override
    public boolean await(Duration atMost) {
      var self = time.current();
      if (!given && !self.takeInterrupt()) {
        waiting = Optional.of(self);
        time.pause(atMost);
        waiting = Optional.empty();
      }
      var was = given;
      given = false;
      return was;
    }
  }
}
