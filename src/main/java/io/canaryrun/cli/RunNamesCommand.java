package io.canaryrun.cli;

import io.canaryrun.core.spec.Metadata;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Prints the names of all runs, for a shell that completes one. Somebody waits at a prompt: it is
 * silent about whatever goes wrong, and gives up soon.
 */
@Command(name = RunNamesCommand.NAME, hidden = true, description = "Prints the names of all runs.")
public final class RunNamesCommand implements Callable<Integer> {
  static final String NAME = "run-names";

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  private final Instance<RunStore> store;
  private final Scheduler scheduler;

  RunNamesCommand(Instance<RunStore> store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  @Override
  public Integer call() {
    var names = new AtomicReference<Collection<String>>(List.of());
    var done = scheduler.signal();
    var asking =
        scheduler.start(
            NAME,
            () -> {
              try {
                names.set(store.get().names());
              } catch (PortFailure | IllegalArgumentException unusable) {
                // The command that is being typed will say so.
              } finally {
                done.give();
              }
            });
    if (!done.await(PATIENCE)) {
      asking.interrupt();
    }
    var out = spec.commandLine().getOut();
    // Others are nobody's runs, and a shell might make something of them.
    names.get().stream().filter(it -> Metadata.NAME.matcher(it).matches()).forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }
}
