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
  @SuppressWarnings("SystemConsoleNull") // In Java 25, it is null where there is no terminal.
  static Display on(PrintWriter out, Scheduler scheduler) {
    var console = System.console();
    return console != null && console.isTerminal()
        ? new TerminalDisplay(out, scheduler)
        : new LineDisplay(out, scheduler);
  }
}
