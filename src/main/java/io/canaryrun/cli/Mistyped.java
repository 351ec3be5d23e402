package io.canaryrun.cli;

import io.canaryrun.codec.DidYouMean;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what was typed wrongly and what was probably meant, and leaves the help to --help. */
final class Mistyped implements IParameterExceptionHandler {
  /** Of an option that takes pairs. */
  private static final Pattern NO_VALUE =
      Pattern.compile("option '(\\S+)' \\(.*should be in KEY=VALUE format but was (.*)");

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    var command = wrong.getCommandLine().getCommandSpec();
    var err = wrong.getCommandLine().getErr();
    err.println("canary: " + inWords(wrong, command));
    err.println("canary: %s --help shows what there is".formatted(command.qualifiedName()));
    err.flush();
    return ExitCode.USAGE;
  }

  private static String inWords(ParameterException wrong, CommandSpec command) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return plain(wrong.getMessage());
    }
    var word = unmatched.getUnmatched().getFirst();
    var isTop = command.parent() == null;
    var where = isTop ? "" : " of " + command.name();
    if (unmatched.isUnknownOption()) {
      var option = word.replaceFirst("=.*", "");
      return "there is no option %s%s%s"
          .formatted(option, where, DidYouMean.suggest(option, options(command)));
    }
    return isTop
        ? "there is no command %s%s".formatted(word, DidYouMean.suggest(word, commands(command)))
        : "%s is one argument%s too many".formatted(word, where);
  }

  /** What picocli says, for those who do not write Java. */
  private static String plain(String message) {
    var withoutValue = NO_VALUE.matcher(message);
    return withoutValue.find()
        ? "%s %s: has no value; it must be like image=api:42"
            .formatted(withoutValue.group(1), withoutValue.group(2))
        : message
            .replaceFirst("^Error: ", "")
            .replaceFirst("is not an? (int|long)$", "is not a whole number");
  }

  private static List<String> options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> List.of(option.names()).stream())
        .toList();
  }

  private static List<String> commands(CommandSpec command) {
    return command.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(each -> !each.usageMessage().hidden())
        .map(CommandSpec::name)
        .toList();
  }
}
