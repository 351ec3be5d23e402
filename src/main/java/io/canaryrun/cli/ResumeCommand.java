package io.canaryrun.cli;

import io.canaryrun.core.observation.Command.Kind;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import jakarta.enterprise.inject.Instance;
import picocli.CommandLine.Command;

/** Lets a paused run go on. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {"Lets a paused run go on."})
public final class ResumeCommand extends PersonCommand {
  ResumeCommand(Instance<RunStore> store, Scheduler scheduler) {
    super(store, scheduler, Kind.RESUME);
  }
}
