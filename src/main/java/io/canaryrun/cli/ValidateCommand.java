package io.canaryrun.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks definitions without Nomad and Consul. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks definitions offline; every problem is named with its JSON Pointer.")
public final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DefinitionFiles files;

  @Override
  public Integer call() {
    var valid = files.sources().stream().map(this::check).toList();
    return valid.contains(false) ? ExitCode.USAGE : ExitCode.OK;
  }

  private boolean check(DefinitionSource source) {
    var out = spec.commandLine().getOut();
    try {
      var _ = files.read(source);
      out.println(source + ": valid");
      return true;
    } catch (UsageError invalid) {
      out.println(invalid.getMessage());
      return false;
    }
  }
}
