package io.canaryrun.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script with which a shell completes commands, options, files and names of runs.",
      "  bash: source <(canary completion bash)",
      "  zsh:  source <(canary completion zsh)",
      "  fish: canary completion fish | source",
      "in the shell's own configuration. Names of runs come from Consul while somebody types."
    })
public final class CompletionCommand implements Callable<Integer> {
  /** Which shell. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var canary = spec.root();
    out.print(
        switch (shell) {
          case bash, zsh -> BashCompletion.script(canary); // It adapts itself to zsh.
          case fish -> FishCompletion.script(canary);
        });
    out.flush();
    return ExitCode.OK;
  }
}
