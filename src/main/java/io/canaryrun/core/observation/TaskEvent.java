package io.canaryrun.core.observation;

import java.time.Instant;

/**
 * Something that happened to a task of an allocation, as Nomad's own command line shows it.
 *
 * @param type Nomad's word, like {@code Started} or {@code Terminated}
 * @param message Nomad's sentence, at most {@value #MAX_MESSAGE} characters of it; may be empty
 */
public record TaskEvent(Instant at, String task, String type, String message) {
  /** How many of one allocation are kept. */
  public static final int MAX_KEPT = 5;

  static final int MAX_MESSAGE = 200;

  public TaskEvent {
    message =
        message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
  }

  /** Without the time. */
  public String inWords() {
    return message.isBlank()
        ? "task %s: %s".formatted(task, type)
        : "task %s: %s: %s".formatted(task, type, message);
  }
}
