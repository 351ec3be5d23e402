package io.canaryrun.cli;

import io.canaryrun.core.observation.Command.Kind;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import jakarta.enterprise.inject.Instance;
import picocli.CommandLine.Command;

/** Holds a run where it is. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {"Holds a run where it is; errors, restarts and deadlines still end it."})
public final class PauseCommand extends PersonCommand {
  PauseCommand(Instance<RunStore> store, Scheduler scheduler) {
    super(store, scheduler, Kind.PAUSE);
  }
}
