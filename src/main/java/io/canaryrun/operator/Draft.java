package io.canaryrun.operator;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.phase.Reason;
import java.util.Optional;

/** A definition, got ready as far as it goes. */
sealed interface Draft {

  /** It will not work as asked. */
  record Refused(Reason reason, String why) implements Draft {}

  /**
   * Everything is resolved and allowed.
   *
   * @param source the production job as the definition has it; empty: it names none
   * @param leftover what an earlier generation left, and has to be swept before this is frozen
   */
  record Resolved(
      Generation generation, Optional<JobDocument> source, Optional<Preparation.Sweep> leftover)
      implements Draft {}
}
