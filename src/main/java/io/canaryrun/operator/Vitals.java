package io.canaryrun.operator;

import io.canaryrun.port.Scheduler;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All threads of a process that must get on. */
public final class Vitals {
  private final Scheduler scheduler;
  private final Set<Pulse> pulses = ConcurrentHashMap.newKeySet();

  Vitals(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * A thread, as far as people want to know.
   *
   * @param lastPass when its last pass was completed; before the first one, when it began
   */
  public record Sign(String thread, Instant lastPass) {}

  /** From now on, the calling thread must get on. */
  Pulse open(String name) {
    var pulse = new Pulse(name, scheduler);
    pulses.add(pulse);
    return pulse;
  }

  /** Its work is done. */
  void close(Pulse pulse) {
    pulses.remove(pulse);
  }

  Set<Pulse> pulses() {
    return pulses;
  }

  /** All threads, by name. */
  public List<Sign> signs() {
    return pulses.stream()
        .map(pulse -> new Sign(pulse.name(), pulse.lastPass()))
        .sorted(Comparator.comparing(Sign::thread))
        .toList();
  }
}
