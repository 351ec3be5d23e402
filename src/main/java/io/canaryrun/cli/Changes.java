package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells which of many looks at something are worth a line. */
final class Changes {
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private String last = "";
  private Instant lastAt = Instant.MIN;

  /** Why a line is worth it. */
  enum Event {
    CHANGE,
    HEARTBEAT
  }

  /**
   * @param what is the same as long as nothing has changed
   * @return empty: nothing new
   */
  Optional<Event> next(String what, Instant now) {
    var event =
        what.equals(last)
            ? Optional.of(Event.HEARTBEAT).filter(_ -> !now.isBefore(lastAt.plus(HEARTBEAT)))
            : Optional.of(Event.CHANGE);
    if (event.isPresent()) {
      last = what;
      lastAt = now;
    }
    return event;
  }

  /** Numbers that grow are no change, but errors are. */
  static String of(RunStatus status) {
    return "%s %s %d"
        .formatted(
            StatusText.word(status),
            status.message().replaceAll("[0-9][0-9,.]*", "#"),
            status.ledger().errors());
  }
}
