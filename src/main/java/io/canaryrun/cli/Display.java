package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.time.Duration;

/** Shows how a run goes. */
interface Display {
  /** How often it must at least be shown again. */
  Duration TICK = Duration.ofSeconds(1);

  void show(RunStatus status);

  /** Something that is not in the status; the same note twice in a row is shown once. */
  void note(String text);

  /** On a terminal redrawn in place, else line by line. */
  static Display on(PrintWriter out, Scheduler scheduler) {
    return System.console().isTerminal()
        ? new TerminalDisplay(out, scheduler)
        : new LineDisplay(out, scheduler);
  }
}
