package io.canaryrun.cli;

import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredStatus;
import jakarta.enterprise.inject.Instance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes a definition. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Deletes a definition; an active run of it is aborted and cleaned up.")
public final class DeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "of the run",
      completionCandidates = RunNames.class)
  private String name;

  @Option(names = "--dry-run", description = "say what would be done, and do nothing")
  private boolean dryRun;

  private final Instance<RunStore> store;

  DeleteCommand(Instance<RunStore> store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    if (store.get().definition(name).isEmpty()) {
      throw new UsageError("there is no definition " + name + "; canary get lists all");
    }
    if (dryRun) {
      said("its definition would be deleted" + consequence());
    } else {
      store.get().deleteDefinition(name);
      said("definition deleted");
    }
    return ExitCode.OK;
  }

  private String consequence() {
    return store
        .get()
        .status(name)
        .flatMap(StoredStatus::status)
        .filter(run -> !run.phase().isTerminal())
        .map(run -> ", and its run be aborted, which is " + StatusText.word(run))
        .orElse("");
  }

  private void said(String what) {
    spec.commandLine().getOut().println("run " + name + ": " + what);
  }
}
