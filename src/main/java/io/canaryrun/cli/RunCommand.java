package io.canaryrun.cli;

import io.canaryrun.operator.LocalRun;
import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One run in this process. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Carries one run from start to end in this process, no operator needed.",
      "Ctrl-C aborts it and cleans up first."
    })
public final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DefinitionFile file;
  @Mixin private DisplayOptions options;

  private final Instance<Ports> ports;
  private final Instance<OperatorSettings> settings;
  private final Shutdown shutdown;

  RunCommand(Instance<Ports> ports, Instance<OperatorSettings> settings, Shutdown shutdown) {
    this.ports = ports;
    this.settings = settings;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() {
    var definition = file.read().rerun(UUID.randomUUID().toString());
    var display = options.display(spec.commandLine().getOut(), ports.get().scheduler());
    var over = new CompletableFuture<Void>();
    try (var local = new LocalRun(ports.get(), settings.get(), display::note)) {
      shutdown.on(
          () -> {
            display.note("aborting the run and cleaning up");
            local.abort("Ctrl-C at the command line");
            over.join();
          });
      return run(local, definition, display);
    } catch (LocalRun.NotTaken held) {
      spec.commandLine().getErr().println("canary: " + held.getMessage());
      return ExitCode.ERROR;
    } finally {
      shutdown.off();
      over.complete(null); // Only now is everything given back, and the outcome shown.
    }
  }

  private int run(LocalRun local, Definition definition, Display display) throws LocalRun.NotTaken {
    // A run that began would wait for Nomad; one that did not is no run.
    var _ = ports.get().cluster().job(definition.run().nomad(), definition.name());
    var scheduler = ports.get().scheduler();
    var carried = new AtomicBoolean();
    long generation = local.begin(definition.name(), definition.text());
    scheduler.start(
        "run",
        () -> {
          try {
            local.carry();
          } finally {
            carried.set(true);
          }
        });
    return new Follower(
            ports.get().store(),
            scheduler,
            display,
            definition.name(),
            generation,
            "preparing the run",
            false)
        .follow(Optional.empty(), carried::get);
  }
}
