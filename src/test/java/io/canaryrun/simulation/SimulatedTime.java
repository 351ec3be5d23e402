package io.canaryrun.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;

/**
 * A virtual clock, and threads of which exactly one runs at a time: in which order is decided here,
 * so that a world replays exactly.
 *
 * <p>The threads run the production code as it is. A thread gives up its turn where it waits, and
 * time moves only when all of them wait.
 */
final class SimulatedTime implements InstantSource, AutoCloseable {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>(Comparator.comparing(Turn::at).thenComparingLong(Turn::number));
  private final Semaphore control = new Semaphore(0);
  private Instant now = START;
  private final List<SimulatedThread> threads = new ArrayList<>();
  private boolean closed;
  private long numbers;
  private Optional<SimulatedThread> running = Optional.empty();
  private Optional<Throwable> bug = Optional.empty();

  /** A thread's next turn; void where the thread was given an earlier one meanwhile. */
  private record Turn(Instant at, long number, SimulatedThread thread, long serial) {}

  @Override
  public Instant instant() {
    return now;
  }

  Duration sinceStart() {
    return Duration.between(START, now);
  }

  /** The thread whose turn it is. */
  SimulatedThread current() {
    return running.orElseThrow(() -> new IllegalStateException("no simulated thread runs"));
  }

  boolean isSimulated() {
    return running.isPresent();
  }

  SimulatedThread start(Machine machine, String name, Runnable work) {
    var thread = new SimulatedThread(machine, name);
    threads.add(thread);
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              thread.turn.acquireUninterruptibly();
              try {
                if (!closed) {
                  work.run();
                }
              } catch (Crash expected) {
                // The machine is gone, and this thread with it.
              } catch (Throwable unexpected) {
                bug = bug.or(() -> Optional.of(unexpected));
              }
              thread.ended = true;
              thread.joiners.forEach(joiner -> wake(joiner));
              control.release();
            });
    schedule(thread, now);
    return thread;
  }

  /** Lets threads run until the time is over or the condition holds. */
  boolean runUntil(Instant end, java.util.function.BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      var turn = turns.peek();
      if (turn == null || turn.at.isAfter(end)) {
        now = end.isAfter(now) ? end : now;
        return condition.getAsBoolean();
      }
      turns.poll();
      if (turn.serial != turn.thread.waits || turn.thread.ended || turn.thread.machine.crashed) {
        continue;
      }
      if (turn.thread.machine.pausedUntil.isAfter(turn.at)) {
        turns.add(new Turn(turn.thread.machine.pausedUntil, turn.number, turn.thread, turn.serial));
        continue;
      }
      now = turn.at.isAfter(now) ? turn.at : now;
      turn.thread.waits++;
      running = Optional.of(turn.thread);
      turn.thread.turn.release();
      control.acquireUninterruptibly();
      running = Optional.empty();
      if (bug.isPresent()) {
        throw new AssertionError("a thread of the operator died", bug.get());
      }
    }
    return true;
  }

  /** Ends all threads, one after the other: a waiting thread keeps its whole world in memory. */
  @Override
  public void close() {
    closed = true;
    for (var thread : threads) {
      if (!thread.ended) {
        running = Optional.of(thread);
        thread.turn.release();
        control.acquireUninterruptibly();
      }
    }
    running = Optional.empty();
  }

  /** The running thread waits for that long, or until it is woken. */
  void pause(Duration atMost) {
    var self = current();
    if (!closed) {
      schedule(self, now.plus(atMost));
      control.release();
      self.turn.acquireUninterruptibly();
    }
    if (closed || self.machine.crashed) {
      throw new Crash();
    }
  }

  /** Waits for another thread's end. */
  void join(SimulatedThread other) {
    if (!other.ended && !other.machine.crashed) {
      other.joiners.add(current());
      pause(Duration.ofDays(1));
    }
  }

  void wake(SimulatedThread thread) {
    if (!thread.ended) {
      schedule(thread, now);
    }
  }

  private void schedule(SimulatedThread thread, Instant at) {
    turns.add(new Turn(at, numbers++, thread, thread.waits));
  }

  /** What ends all threads of a machine that crashed. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crashed", null, false, false);
    }
  }

  /** A process: all of its threads die, or stand still, together. */
  static final class Machine {
    final String name;
    private boolean crashed;
    private Instant pausedUntil = Instant.MIN;
    private Duration ahead = Duration.ZERO;

    Machine(String name) {
      this.name = name;
    }

    void crash() {
      crashed = true;
    }

    boolean isCrashed() {
      return crashed;
    }

    /** SIGSTOP, and SIGCONT at that time. */
    void pauseUntil(Instant time) {
      pausedUntil = time;
    }

    /** Its wall clock is wrong from now on by that much. */
    void setClockAhead(Duration error) {
      ahead = error;
    }

    Duration clockAhead() {
      return ahead;
    }
  }

  /** A thread of a machine. */
  static final class SimulatedThread {
    private final Machine machine;
    private final String name;
    private final Semaphore turn = new Semaphore(0);
    private final List<SimulatedThread> joiners = new ArrayList<>();
    private long waits;
    private boolean ended;
    private boolean interrupted;

    private SimulatedThread(Machine machine, String name) {
      this.machine = machine;
      this.name = name;
    }

    Machine machine() {
      return machine;
    }

    boolean takeInterrupt() {
      var was = interrupted;
      interrupted = false;
      return was;
    }

    void interrupt() {
      interrupted = true;
    }

    @Override
    public String toString() {
      return machine.name + "/" + name;
    }
  }
}
