package io.canaryrun.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the JSON Schema of definitions. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Prints the JSON Schema of definitions.")
public final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (var schema = getClass().getResourceAsStream("/io/canaryrun/canaryrun.schema.json")) {
      var text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      spec.commandLine().getOut().print(text);
    }
    return ExitCode.OK;
  }
}
