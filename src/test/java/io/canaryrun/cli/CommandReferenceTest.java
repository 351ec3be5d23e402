package io.canaryrun.cli;

import io.canaryrun.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code docs/commands.md} is what {@code --help} of each command prints. */
class CommandReferenceTest {
  private static final String HEAD =
      """
      # Commands

      What `canary --help` and `canary COMMAND --help` print; a test writes this page.

      """;

  @Test
  void pageShowsTheHelpOfEveryCommand() throws IOException {
    var canary = new CommandLines().line();
    var commands =
        canary.getSubcommands().values().stream()
            .filter(command -> !command.getCommandSpec().usageMessage().hidden());

    Golden.at(Path.of("docs"))
        .assertMatches(
            "commands.md",
            HEAD
                + Stream.concat(Stream.of(canary), commands)
                    .map(CommandReferenceTest::section)
                    .collect(Collectors.joining("\n")));
  }

  private static String section(CommandLine command) {
    return "## %s%n%n```%n%s```%n"
        .formatted(
            command.getCommandSpec().qualifiedName(),
            command.getUsageMessage(Ansi.OFF).strip() + "\n");
  }
}
