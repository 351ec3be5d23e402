package io.canaryrun.core.observation;

import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Target;

/** What came of getting a definition ready to be frozen. */
public sealed interface Preparation {

  /** Everything is resolved and allowed. */
  record Ready(Generation generation) implements Preparation {}

  /** Nothing was frozen before; what the definition means, nobody could say now. */
  record Unresolved(String problem) implements Preparation {}

  /** It will not work as asked. */
  record Refused(Reason reason, String why) implements Preparation {}

  /** What an ended generation of this run left behind has to be swept first. */
  sealed interface Sweep extends Preparation {}

  /** Production as a generation that was not promoted left it. */
  record LeftoverCanaries(Generation ended) implements Sweep {}

  /** A canary job. */
  record Leftover(Target target, JobSeen job, Reason why) implements Sweep {}

  /**
   * This very generation's canaries in production: all that was known of it was removed by hand.
   */
  record Lost(Remains remains) implements Sweep {}

  /** This generation was frozen before: its status was removed or written over by hand. */
  record Frozen(Generation before) implements Preparation {}
}
