package io.canaryrun.cli;

import io.canaryrun.core.observation.Command.Kind;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import jakarta.enterprise.inject.Instance;
import picocli.CommandLine.Command;

/** Aborts a run. */
@Command(
    name = "abort",
    mixinStandardHelpOptions = true,
    description = {"Aborts a run; its canary is stopped and cleaned up."})
public final class AbortCommand extends PersonCommand {
  AbortCommand(Instance<RunStore> store, Scheduler scheduler) {
    super(store, scheduler, Kind.ABORT);
  }
}
