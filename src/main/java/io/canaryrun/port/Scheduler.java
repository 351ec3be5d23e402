package io.canaryrun.port;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Time, threads and chance, so that a simulation can own both. */
public interface Scheduler {

  /** Wall-clock time, for deadlines and for people. */
  Instant now();

  /** Monotonic time, for leases: no clock change moves it. */
  Duration monotonic();

  /** Starts a thread that lives until its work returns. */
  Task start(String name, Runnable work);

  /** A new signal that nobody has given yet. */
  Signal signal();

  /** A new source of chance; in a simulation, one that gives the same again. */
  RandomGenerator random();

  /** A running thread. */
  interface Task {
    /** Interrupts it; a blocking call ends with a failure. */
    void interrupt();

    /** Waits until it has ended. */
    void join();
  }

  /** Wakes one waiting thread; a wake-up that nobody waits for is kept, two are one. */
  interface Signal {
    void give();

    /**
     * @return true: woken; false: the time is over or the thread was interrupted
     */
    boolean await(Duration atMost);
  }
}
