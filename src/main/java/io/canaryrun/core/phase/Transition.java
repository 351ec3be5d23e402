package io.canaryrun.core.phase;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A change of phase, or, with the phase that it was in, what came of a person's command. */
public record Transition(String phase, Instant at, String message) {
  private static final String REFUSED = "refused: ";

  /** How the message about a command begins that was not heeded. */
  public static String refused(String what) {
    return REFUSED + what;
  }

  /** The oldest answers to commands go first, so that no flood of them hides how the run went. */
  static List<Transition> newest(List<Transition> all, int most) {
    var kept = new ArrayList<>(all);
    for (int i = 1; i < kept.size() && kept.size() > most; ) {
      if (kept.get(i).phase().equals(kept.get(i - 1).phase())) {
        kept.remove(i);
      } else {
        i++;
      }
    }
    return List.copyOf(kept.subList(Math.max(0, kept.size() - most), kept.size()));
  }

  public boolean isRefusal() {
    return message.startsWith(REFUSED);
  }
}
