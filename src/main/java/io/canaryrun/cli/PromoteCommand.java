package io.canaryrun.cli;

import io.canaryrun.core.observation.Command.Kind;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import jakarta.enterprise.inject.Instance;
import picocli.CommandLine.Command;

/** Promotes a run. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description = {
      "Promotes a run: approves its good verdict, or goes on without one.",
      "Never past an error beyond the budget."
    })
public final class PromoteCommand extends PersonCommand {
  PromoteCommand(Instance<RunStore> store, Scheduler scheduler) {
    super(store, scheduler, Kind.PROMOTE);
  }
}
