package io.canaryrun.core.observation;

import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Target;

/** What came of getting a definition ready to be frozen. */
public sealed interface Preparation {

  /** Everything is resolved and allowed. */
  record Ready(Generation generation) implements Preparation {}

  /** It will not work as asked. */
  record Refused(Reason reason, String why) implements Preparation {}

  /** Production has unpromoted canaries that an ended generation of this run left behind. */
  record LeftoverCanaries(Generation ended) implements Preparation {}

  /** This generation was frozen before: its status was removed or written over by hand. */
  record Frozen(Generation before) implements Preparation {}

  /** A canary job that an ended generation of this run left behind has to be stopped first. */
  record Leftover(Target target, JobSeen job) implements Preparation {}
}
