package io.canaryrun.cli;

import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Looks at statuses again and again, as often as people can see; outages are bridged. */
final class Lookout {
  /** How long nobody need answer before this is an error. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final RunStore store;
  private final Scheduler scheduler;
  private final Consumer<String> note;
  private Optional<Outage> outage = Optional.empty();
  private long index;

  /**
   * @param message of its first failure
   */
  private record Outage(Instant since, String message) {}

  /**
   * @param note is told at each look of an outage, with the same words, which are worth a heartbeat
   */
  Lookout(RunStore store, Scheduler scheduler, Consumer<String> note) {
    this.store = store;
    this.scheduler = scheduler;
    this.note = note;
  }

  /**
   * @return empty: nobody answered, but not for too long
   */
  <T> Optional<T> look(Supplier<T> look) {
    try {
      var seen = look.get();
      outage = Optional.empty();
      return Optional.of(seen);
    } catch (PortFailure.Unavailable e) {
      var present = outage.orElseGet(() -> new Outage(scheduler.now(), e.getMessage()));
      outage = Optional.of(present);
      if (Duration.between(present.since(), scheduler.now()).compareTo(LONGEST) > 0) {
        note.accept("no answer for ten minutes; runs may go on, canary wait looks at them again");
        throw e;
      }
      note.accept(present.message() + "; still waiting");
      return Optional.empty();
    }
  }

  /** A change of any status ends it early. */
  void pause() {
    scheduler.signal().await(Display.PAUSE);
    try {
      index = store.awaitStatusChange(index, Display.TICK);
    } catch (PortFailure unavailable) {
      scheduler.signal().await(Display.TICK);
    }
  }
}
