package io.canaryrun.boot;

import io.canaryrun.cli.CanaryCommand;
import io.canaryrun.cli.Shutdown;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Starts the program. */
@QuarkusMain
public final class Main implements QuarkusApplication {
  /** With one of these, every command prints something about itself and ends. */
  private static final List<String> ONLY_PRINT = List.of("-h", "--help", "-V", "--version");

  private final CommandLine.IFactory factory;
  private final Shutdown shutdown;

  Main(CommandLine.IFactory factory, Shutdown shutdown) {
    this.factory = factory;
    this.shutdown = shutdown;
  }

  /**
   * Only the daemon opens a port and tells of each transition in its log. Of other commands, one
   * line says what went wrong, unless they shall be verbose.
   */
  public static void main(String... args) {
    var words = List.of(args);
    if (!isDaemon(words)) {
      System.setProperty("quarkus.http.host-enabled", "false");
      if (!words.contains("--verbose")) {
        System.setProperty("quarkus.log.category.\"io.canaryrun\".level", "ERROR");
        System.setProperty("quarkus.log.console.format", "canary: %s%n");
      }
    }
    Quarkus.run(Main.class, ProcessEnd::exit, args);
  }

  private static boolean isDaemon(List<String> words) {
    var command = words.stream().filter(word -> !word.startsWith("-")).findFirst();
    return command.equals(Optional.of("agent")) && Collections.disjoint(words, ONLY_PRINT);
  }

  @Override
  public int run(String... args) {
    return CanaryCommand.line(factory, shutdown).execute(args);
  }
}
