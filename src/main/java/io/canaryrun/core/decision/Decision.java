package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.phase.Phase;
import java.time.Duration;

/** Persists a phase or causes one effect, never both, so a crash between is harmless. */
public sealed interface Decision {

  /** Persists a phase, with the sentence that explains it. */
  record Move(Phase to, String why) implements Decision {}

  /** Persists the generation and the phase in one transaction. */
  record Freeze(Generation generation, Phase to, String why) implements Decision {}

  /** Causes one effect; only a later observation proves that it happened. */
  record Act(Action action) implements Decision {}

  /**
   * Waits for news.
   *
   * @param recheckAfter when to look again without any
   * @param why what is waited for
   */
  record Hold(Duration recheckAfter, String why) implements Decision {}

  /** Nothing is left to do. */
  record Done() implements Decision {}
}
