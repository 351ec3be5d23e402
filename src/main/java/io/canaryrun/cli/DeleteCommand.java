package io.canaryrun.cli;

import io.canaryrun.port.RunStore;
import jakarta.enterprise.inject.Instance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes a definition. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Deletes a definition; an active run of it is aborted and cleaned up.")
public final class DeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME")
  private String name;

  private final Instance<RunStore> store;

  DeleteCommand(Instance<RunStore> store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    if (store.get().definition(name).isEmpty()) {
      throw new UsageError("there is no definition " + name + "; canary get lists all");
    }
    store.get().deleteDefinition(name);
    spec.commandLine().getOut().println("run " + name + ": definition deleted");
    return ExitCode.OK;
  }
}
