package io.canaryrun.operator;

import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Shows whether a thread gets on: given by that thread, looked at by others. */
final class Pulse {
  private final String name;
  private final Scheduler scheduler;
  private final Thread thread = Thread.currentThread();
  private volatile Instant lastPass;
  private volatile Duration expectedAt;

  /** Of the calling thread. */
  Pulse(String name, Scheduler scheduler) {
    this.name = name;
    this.scheduler = scheduler;
    this.lastPass = scheduler.now();
    this.expectedAt = scheduler.monotonic();
  }

  /** A step of a long pass is done. */
  void step() {
    expectedAt = scheduler.monotonic();
  }

  /** A pass is completed, whatever came of it; the next one begins at once. */
  void passed() {
    lastPass = scheduler.now();
    step();
  }

  /**
   * A pass is completed, and the next one begins when there is news or the time is over. Nothing is
   * expected of the thread until then.
   */
  void rest(Scheduler.Signal news, Duration atMost) {
    lastPass = scheduler.now();
    expectedAt = scheduler.monotonic().plus(atMost);
    news.await(atMost);
    step();
  }

  String name() {
    return name;
  }

  /** When its last pass was completed; before the first one, when it began. */
  Instant lastPass() {
    return lastPass;
  }

  /** In monotonic time: how long ago it got on, or when it will do so at the latest. */
  Duration expectedAt() {
    return expectedAt;
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** What it is doing; empty: it has died. */
  List<StackTraceElement> stack() {
    return List.of(thread.getStackTrace());
  }
}
