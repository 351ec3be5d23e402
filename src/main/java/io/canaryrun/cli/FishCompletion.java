package io.canaryrun.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A script for fish, which picocli writes none for. */
final class FishCompletion {
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  static String script(CommandSpec canary) {
    return new FishCompletion(canary.name())
        .lines(canary)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private Stream<String> lines(CommandSpec canary) {
    var commands =
        canary.subcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(command -> !command.usageMessage().hidden())
            .toList();
    return Stream.of(
            Stream.of("complete -c %s -f".formatted(program)), // No files where none are meant.
            commands.stream().map(this::command),
            options(canary, "__fish_use_subcommand"),
            commands.stream().flatMap(this::arguments))
        .flatMap(lines -> lines);
  }

  private String command(CommandSpec command) {
    var description = command.usageMessage().description();
    return line("__fish_use_subcommand", "-a " + command.name(), description);
  }

  private Stream<String> arguments(CommandSpec command) {
    var condition = "__fish_seen_subcommand_from " + command.name();
    return Stream.concat(
        options(command, condition),
        command.positionalParameters().stream()
            .flatMap(parameter -> values(parameter).stream())
            .distinct()
            .map(values -> line(condition, values)));
  }

  private Stream<String> options(CommandSpec command, String condition) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .map(option -> line(condition, names(option) + valueOf(option), option.description()));
  }

  private static String names(OptionSpec option) {
    return Stream.of(option.names())
        .map(name -> name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
        .collect(Collectors.joining(" "));
  }

  private static String valueOf(OptionSpec option) {
    return option.arity().min() == 0
        ? ""
        : " -r" + values(option).map(values -> " " + values).orElse("");
  }

  /** What may stand there, as options of fish's complete; empty: anything. */
  private static Optional<String> values(ArgSpec argument) {
    if (argument.auxiliaryTypes()[0] == Path.class) {
      return Optional.of("-F");
    }
    if (argument.completionCandidates() == null) {
      return Optional.empty();
    }
    var words = StreamSupport.stream(argument.completionCandidates().spliterator(), false).toList();
    return Optional.of(
        "-a '%s'"
            .formatted(
                words.contains(RunNames.MARK)
                    ? "(eval (commandline -opc)[1] %s 2> /dev/null)".formatted(RunNamesCommand.NAME)
                    : String.join(" ", words)));
  }

  /**
   * @param description its first line is shown, if there is one
   */
  private String line(String condition, String what, String... description) {
    var shown = description.length == 0 ? "" : " -d " + quoted(description[0]);
    return "complete -c %s -n '%s' %s%s".formatted(program, condition, what, shown);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
