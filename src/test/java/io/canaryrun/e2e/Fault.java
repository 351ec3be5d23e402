package io.canaryrun.e2e;

import io.canaryrun.agents.Toxiproxy;
import java.time.Duration;

/**
 * One fault as it was drawn.
 *
 * @param pause before it, since the end of the one before
 * @param length until it is mended, or until what died is started again
 * @param target a machine, by number; {@link #EVERYWHERE}: all of them. Daemons are no targets:
 *     what happens to one happens to that which carries most runs
 * @param strength from 0 to 1; what it means is up to the kind
 */
record Fault(FaultKind kind, Duration pause, Duration length, int target, double strength) {
  static final int EVERYWHERE = -1;

  /** The same, so much later. */
  Fault after(Duration more) {
    return new Fault(kind, pause.plus(more), length, target, strength);
  }

  /** Of each answer: from 200 ms to 2 s. */
  Duration latency() {
    return Duration.ofMillis(Math.round(200 + 1_800 * strength));
  }

  /** On half-open connections, one or the other. */
  Toxiproxy.Lost lost() {
    return strength < 0.5 ? Toxiproxy.Lost.REQUESTS : Toxiproxy.Lost.ANSWERS;
  }

  /** From 2 to 20. */
  int kilobytesPerSecond() {
    return (int) Math.round(2 + 18 * strength);
  }
}
