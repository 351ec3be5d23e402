package io.canaryrun.port;

import io.canaryrun.core.phase.RunStatus;

/** Whoever wants to hear of each transition; never slows a run down and never fails it. */
public interface Notifier {
  void transition(RunStatus status);
}
