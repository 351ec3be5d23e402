package io.canaryrun.operator;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.operator.LocalRun.NotTaken;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Takes a run as soon as nobody holds it. The lock of a process that died is not free at once, and
 * cannot be told from that of one that lives, unless that one writes.
 */
final class Takeover {
  /** Beyond the time after which a dead holder's lock can be taken. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<String> notes;
  private final BooleanSupplier givenUp;

  /**
   * @param notes is told of a holder that is waited for
   * @param givenUp whether nobody wants the run any more
   */
  Takeover(
      Ports ports, OperatorSettings settings, Consumer<String> notes, BooleanSupplier givenUp) {
    this.ports = ports;
    this.settings = settings;
    this.notes = notes;
    this.givenUp = givenUp;
  }

  /** A way to take a run that nobody holds; empty: it was refused. */
  interface Attempt<T> {
    Optional<T> from(Optional<StoredStatus> seen);
  }

  /**
   * @return what the attempt brought
   */
  <T> T take(String name, Attempt<T> attempt) throws NotTaken {
    var scheduler = ports.scheduler();
    var end = scheduler.monotonic().plus(patience());
    var first = ports.store().status(name);
    first.filter(Takeover::isHeld).ifPresent(this::tellOfHolder);
    for (var seen = first; ; seen = ports.store().status(name)) {
      if (givenUp.getAsBoolean()) {
        throw new NotTaken("run %s was not begun".formatted(name));
      }
      var held = seen.filter(Takeover::isHeld);
      var taken = held.isEmpty() ? attempt.from(seen) : Optional.<T>empty();
      if (taken.isPresent()) {
        return taken.get();
      }
      boolean lives = held.isPresent() && !held.equals(first);
      if (lives || scheduler.monotonic().compareTo(end) > 0) {
        throw new NotTaken(
            "run %s is held by %s: wait for its end (canary wait %1$s), or abort it first"
                .formatted(name, held.map(Takeover::holder).orElse("somebody who was faster")));
      }
      scheduler.signal().await(Operator.CLAIM_AGAIN);
    }
  }

  private void tellOfHolder(StoredStatus held) {
    notes.accept(
        ("run %s is held by %s; waiting up to %d s, after which the lock of a process that died is"
                + " free")
            .formatted(held.name(), holder(held), patience().toSeconds()));
  }

  /** Consul may take twice its TTL to find a session dead. */
  private Duration patience() {
    return settings.sessionTtl().multipliedBy(2).plus(settings.lockDelay()).plus(MARGIN);
  }

  private static boolean isHeld(StoredStatus stored) {
    return stored.lockedBy().isPresent();
  }

  /** Who holds a run, or held it last. */
  static String holder(StoredStatus stored) {
    return stored
        .status()
        .flatMap(RunStatus::owner)
        .map(Owner::instance)
        .or(() -> stored.lockedBy().map(session -> "session " + session))
        .orElse("somebody");
  }
}
