package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;

/** Shows how a run goes. */
interface Display {
  /** How often it must at least be shown again. */
  Duration TICK = Duration.ofSeconds(1);

  /** How long to wait at least until then: people see no more than five pictures a second. */
  Duration PAUSE = Duration.ofMillis(200);

  void show(RunStatus status);

  /** Something that is not in the status; the same note twice in a row is shown once. */
  void note(String text);
}
