package io.canaryrun.operator;

import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells which threads hang or have died. A process with such a thread does only a part of its work,
 * and nothing but a new process mends it. An outage of Consul or Nomad is no reason: a pass that
 * was refused or got no answer is a completed one.
 */
public final class Watchdog {
  /**
   * How long a thread may take from one step to the next: well above the longest that one call may
   * take (by its timeouts 86 s, a blocking query of Consul; allocations that Nomad tells slowly, a
   * bit more than two minutes) and the longest pass of a run of which no call is answered (about
   * two minutes).
   */
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  /** How often to {@link #check}. */
  public static final Duration EVERY = Duration.ofSeconds(10);

  /** Between two checks: the whole process stood still, as with SIGSTOP. */
  private static final Duration STANDSTILL = EVERY.multipliedBy(3);

  private final Vitals vitals;
  private final Scheduler scheduler;
  private Duration lastCheck;
  private Duration awakeSince;

  /** Begins to watch now. */
  public Watchdog(Vitals vitals, Scheduler scheduler) {
    this.vitals = vitals;
    this.scheduler = scheduler;
    this.lastCheck = scheduler.monotonic();
    this.awakeSince = lastCheck;
  }

  /**
   * A thread that hangs.
   *
   * @param since when it got on for the last time
   * @param stack empty: it has died
   */
  public record Stuck(String thread, Instant since, List<StackTraceElement> stack) {

    /** All of it, for a log. */
    public String inWords() {
      return stack.isEmpty()
          ? "thread %s is dead, last seen at %s".formatted(thread, since)
          : "thread %s is stuck since %s%s"
              .formatted(
                  thread,
                  since,
                  stack.stream()
                      .map(frame -> System.lineSeparator() + "\tat " + frame)
                      .collect(Collectors.joining()));
    }
  }

  /**
   * The threads that hang or have died, the one that does so longest first. To be asked regularly,
   * by whomever.
   */
  public synchronized List<Stuck> check() {
    var now = scheduler.monotonic();
    if (now.minus(lastCheck).compareTo(STANDSTILL) > 0) {
      awakeSince = now; // Until then nobody could get on.
    }
    lastCheck = now;
    return vitals.pulses().stream()
        .filter(pulse -> isStuck(pulse, now))
        .map(pulse -> new Stuck(pulse.name(), since(pulse, now), pulse.stack()))
        .sorted(Comparator.comparing(Stuck::since))
        .toList();
  }

  private boolean isStuck(Pulse pulse, Duration now) {
    if (!pulse.isAlive()) {
      return vitals.pulses().contains(pulse); // Else it has ended in between, as it should.
    }
    var from = pulse.expectedAt();
    var late = now.minus(from.compareTo(awakeSince) > 0 ? from : awakeSince);
    return late.compareTo(PATIENCE) >= 0;
  }

  private Instant since(Pulse pulse, Duration now) {
    return scheduler.now().minus(now.minus(pulse.expectedAt()));
  }
}
