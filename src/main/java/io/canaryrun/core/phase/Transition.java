package io.canaryrun.core.phase;

import java.time.Instant;

/** A change of phase, or, with the phase that it was in, what came of a person's command. */
public record Transition(String phase, Instant at, String message) {
  private static final String REFUSED = "refused: ";

  /** How the message about a command begins that was not heeded. */
  public static String refused(String what) {
    return REFUSED + what;
  }

  public boolean isRefusal() {
    return message.startsWith(REFUSED);
  }
}
