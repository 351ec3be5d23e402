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
  private static final Duration OUTAGE = Duration.ofMinutes(10);

  private final RunStore store;
  private final Scheduler scheduler;
  private final Consumer<String> note;
  private Optional<Instant> unreachableSince = Optional.empty();
  private long index;

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
      unreachableSince = Optional.empty();
      return Optional.of(seen);
    } catch (PortFailure.Unavailable e) {
      var since = unreachableSince.orElseGet(scheduler::now);
      if (unreachableSince.isEmpty()) {
        note.accept(e.getMessage() + "; still waiting");
      }
      unreachableSince = Optional.of(since);
      if (Duration.between(since, scheduler.now()).compareTo(OUTAGE) > 0) {
        throw e;
      }
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
