package io.canaryrun.cli;

import io.canaryrun.operator.LocalRun;
import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import io.canaryrun.port.Scheduler;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
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
      "Carries one run from start to end in this process, no agent needed.",
      "Ctrl-C aborts it and cleans up first."
    })
public final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DefinitionFile file;

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
    var display = Display.on(spec.commandLine(), ports.get().scheduler());
    try (var local = new LocalRun(ports.get(), settings.get())) {
      return run(local, definition, display);
    } catch (LocalRun.Held held) {
      spec.commandLine().getErr().println("canary: " + held.getMessage());
      return ExitCode.ERROR;
    } finally {
      shutdown.off();
    }
  }

  private int run(LocalRun local, DefinitionFile.Definition definition, Display display)
      throws LocalRun.Held {
    // A run that began would wait for Nomad; one that did not is no run.
    var _ = ports.get().cluster().job(definition.run().nomad(), definition.name());
    var scheduler = ports.get().scheduler();
    var carried = new AtomicBoolean();
    var carrying = new Carrying(local, scheduler, carried);
    shutdown.on(
        () -> {
          display.note("aborting the run and cleaning up");
          local.abort("Ctrl-C at the command line");
          carrying.join();
        });
    long generation = local.begin(definition.name(), definition.text());
    carrying.start();
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

  /** The thread that carries the run, apart from the one that shows it. */
  private static final class Carrying {
    private final LocalRun local;
    private final Scheduler scheduler;
    private final AtomicBoolean carried;
    private volatile Optional<Scheduler.Task> task = Optional.empty();

    Carrying(LocalRun local, Scheduler scheduler, AtomicBoolean carried) {
      this.local = local;
      this.scheduler = scheduler;
      this.carried = carried;
    }

    void start() {
      task = Optional.of(scheduler.start("run", this::carry));
    }

    private void carry() {
      try {
        local.carry();
      } finally {
        carried.set(true);
      }
    }

    void join() {
      task.ifPresent(Scheduler.Task::join);
    }
  }
}
