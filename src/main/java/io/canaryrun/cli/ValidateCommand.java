package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionCodec;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks definitions without Nomad and Consul. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks definitions offline; every problem is named with its JSON Pointer.")
public final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "- for standard input")
  private List<String> files;

  @Override
  public Integer call() {
    var valid = files.stream().map(this::check).toList();
    return valid.contains(false) ? ExitCode.USAGE : ExitCode.OK;
  }

  private boolean check(String file) {
    var out = spec.commandLine().getOut();
    return switch (DefinitionCodec.read(DefinitionFile.text(file))) {
      case DefinitionCodec.Result.Valid _ -> {
        out.println(file + ": valid");
        yield true;
      }
      case DefinitionCodec.Result.Invalid invalid -> {
        out.println(DefinitionFile.problems(file, invalid));
        yield false;
      }
    };
  }
}
