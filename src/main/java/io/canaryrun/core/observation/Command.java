package io.canaryrun.core.observation;

import java.util.Arrays;
import java.util.Optional;

/** What a person wrote for an active run, under {@code canary/commands/<name>/<action>}. */
public sealed interface Command {

  /** The key's last part. */
  String action();

  /** Consul's index of the key, so that only what was seen is removed. */
  long modifyIndex();

  /**
   * A command.
   *
   * @param generation of the run that is meant
   * @param by who asks
   * @param reason in the person's own words, may be empty
   */
  record Asked(Kind kind, long modifyIndex, long generation, String by, String reason)
      implements Command {
    @Override
    public String action() {
      return kind.word();
    }

    /** Who, and why. */
    @Override
    public String toString() {
      return reason.isEmpty() ? "by " + by : "by %s: %s".formatted(by, reason);
    }
  }

  /**
   * Something else.
   *
   * @param problem what is wrong with it, and how it should be
   */
  record Unreadable(String action, long modifyIndex, String problem) implements Command {}

  /** What may be asked for. */
  enum Kind {
    ABORT("abort"),
    PAUSE("pause"),
    RESUME("resume"),
    PROMOTE("promote");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The action of the contract, as it stands in the key. */
    public String word() {
      return word;
    }

    /** The kind of that word; empty for any other text. */
    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }
}
