package io.canaryrun.cli;

import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** picocli's script for bash and zsh, which asks this program for the names of runs. */
final class BashCompletion {
  /** The array of a parameter that is marked, and what is to be chosen from it. */
  private static final Pattern ARRAY =
      Pattern.compile(" *local (\\w+)=\\(\"%s\"\\).*\\R".formatted(RunNames.MARK));

  private BashCompletion() {}

  static String script(CommandSpec canary) {
    var script = AutoComplete.bash(canary.name(), canary.commandLine());
    var arrays = ARRAY.matcher(script).results().map(array -> array.group(1)).distinct().toList();
    var asking = ARRAY.matcher(script).replaceAll("");
    for (var array : arrays) {
      asking =
          asking.replace(
              "compReplyArray \"${%s[@]}\"".formatted(array),
              "compReplyArray $(\"${COMP_WORDS[0]}\" %s 2> /dev/null)"
                  .formatted(RunNamesCommand.NAME));
    }
    return asking;
  }
}
