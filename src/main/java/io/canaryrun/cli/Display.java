package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import picocli.CommandLine;

/** Shows how a run goes. */
interface Display {
  /** How often it must at least be shown again. */
  Duration TICK = Duration.ofSeconds(1);

  void show(RunStatus status);

  /** Something that is not in the status; the same note twice in a row is shown once. */
  void note(String text);

  /** On a terminal redrawn in place, else line by line. */
  static Display on(CommandLine command, Scheduler scheduler) {
    return Terminal.console().isPresent()
        ? new TerminalDisplay(
            command.getOut(), scheduler, command.getCommandSpec().usageMessage().width())
        : new LineDisplay(command.getOut(), scheduler);
  }
}
