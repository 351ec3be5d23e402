package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.phase.Phase;
import java.time.Duration;
import java.util.Optional;

/** Persists a phase or causes one effect, never both, so a crash between is harmless. */
public sealed interface Decision {

  /**
   * Persists a phase, with the sentence that explains it.
   *
   * @param heeded the command that led to it, which is removed at the same time
   */
  record Move(Phase to, String why, Optional<Command> heeded) implements Decision {
    public Move(Phase to, String why) {
      this(to, why, Optional.empty());
    }
  }

  /**
   * Records what comes of a command, and removes it at the same time.
   *
   * @param paused whether the run is paused from now on
   */
  record Answer(Command to, boolean paused, String what) implements Decision {}

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
