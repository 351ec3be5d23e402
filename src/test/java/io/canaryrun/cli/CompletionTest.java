package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real shells make of the scripts; zsh and fish where they are installed. */
class CompletionTest {
  /** Stands in the place of the program, which knows two runs. */
  private static final String PROGRAM =
      """
      #!/bin/sh
      [ "$*" = run-names ] && printf 'api\\nweb.shop\\n'
      """;

  @TempDir private Path directory;

  @BeforeEach
  void program() throws IOException {
    var program = Files.writeString(directory.resolve("canary"), PROGRAM);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.createFile(directory.resolve("here.json"));
  }

  @Test
  void bashCompletesCommandsOptionsWordsAndNamesOfRuns() throws Exception {
    assertTrue(bash("").containsAll(Set.of("apply", "promote", "completion")));
    assertTrue(!bash("").contains("run-names"));
    assertEquals(Set.of("apply"), bash("app"));
    assertEquals(Set.of("--reason"), bash("abort", "--rea"));
    assertEquals(Set.of("bash", "zsh", "fish"), bash("completion", ""));
    assertEquals(Set.of("here.json"), bash("apply", "-f", "he"));
    for (var command : List.of("abort", "describe", "get", "wait", "delete", "history")) {
      assertEquals(Set.of("api", "web.shop"), bash(command, ""), command);
      assertEquals(Set.of("web.shop"), bash(command, "w"), command);
    }
    assertEquals(Set.of("api"), bash("abort", "--reason", "why", "a"));
    assertEquals(Set.of(), bash("abort", "api", ""));
  }

  private Set<String> bash(String... words) throws Exception {
    return completed(
        "bash",
        "--norc",
        "-c",
        """
        source "$0"
        COMP_WORDS=(canary "$@") COMP_CWORD=$# COMP_LINE="canary $*"
        _complete_canary 2> /dev/null
        printf '%s\\n' "${COMPREPLY[@]}"
        """,
        script("bash"),
        words);
  }

  @Test
  void fishCompletesCommandsOptionsWordsAndNamesOfRuns() throws Exception {
    assumeInstalled("fish");
    assertTrue(fish("").containsAll(Set.of("apply", "promote", "completion")));
    assertTrue(!fish("").contains("run-names"));
    assertEquals(Set.of("apply"), fish("app"));
    assertEquals(Set.of("--reason"), fish("abort", "--rea"));
    assertEquals(Set.of("bash", "zsh", "fish"), fish("completion", ""));
    assertTrue(fish("apply", "-f", "he").contains("here.json"));
    assertEquals(Set.of("api", "web.shop"), fish("abort", ""));
    assertEquals(Set.of("web.shop"), fish("describe", "w"));
  }

  private Set<String> fish(String... words) throws Exception {
    return completed(
        "fish",
        "--no-config",
        "-c",
        """
        source $argv[1]
        complete -C "canary $argv[2..]" | string replace -r '\\t.*' ''
        """,
        script("fish"),
        words);
  }

  /** Nothing but its line editor calls zsh's completion, so it is given a terminal. */
  @Test
  void zshCompletesNamesOfRunsAndCommands() throws Exception {
    assumeInstalled("zsh");
    assertTrue(zsh("abort w").contains("canary abort web.shop END"));
    assertTrue(zsh("complet").contains("canary completion END"));
  }

  /** Types the beginning of a command and a tab, and has what becomes of it printed. */
  private Set<String> zsh(String typed) throws Exception {
    return completed(
        "zsh",
        "-f",
        "-c",
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "source '$0'; echo READ''Y"
        zpty -r -m shell answer '*READY*'
        zpty -w -n shell "canary $1"$'\\t\\C-aecho \\C-e EN\\'\\'D\\n'
        zpty -r -m shell answer '*END*'
        print -r -- "$answer"
        """,
        script("zsh"),
        typed);
  }

  private String script(String shell) throws IOException {
    var canary = new CommandLines();
    assertEquals(0, canary.execute("completion", shell));
    var script = directory.resolve("canary." + shell);
    return Files.writeString(script, canary.out()).toString();
  }

  private static void assumeInstalled(String shell) throws Exception {
    var check = new ProcessBuilder("sh", "-c", "command -v " + shell).start();
    assumeTrue(check.waitFor() == 0, shell + " is not installed");
  }

  private Set<String> completed(
      String shell, String option, String c, String program, String script, String... words)
      throws Exception {
    var command = new ArrayList<>(List.of("timeout", "60", shell, option, c, program, script));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().merge("PATH", directory.toString(), (old, ours) -> ours + ":" + old);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertNotEquals(124, process.exitValue(), "it hangs: " + output);
    var found = new TreeSet<>(output.lines().toList());
    found.remove("");
    return found;
  }
}
