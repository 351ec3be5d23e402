package io.canaryrun.cli;

import io.canaryrun.port.PortFailure;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One line for whatever went wrong, and its exit code; where it went wrong only when asked. */
public final class Failures implements IExecutionExceptionHandler {
  private final Shutdown shutdown;

  public Failures(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult result) {
    var known = causes(thrown).filter(Failures::isKnown).findFirst();
    if (!shutdown.hasBegun()) {
      tell(thrown, known, command);
    }
    return known.filter(Failures::isUsage).isPresent() ? ExitCode.USAGE : ExitCode.ERROR;
  }

  private static void tell(Exception thrown, Optional<Throwable> known, CommandLine command) {
    var verbose = CanaryCommand.of(command).isVerbose();
    command
        .getErr()
        .println("canary: " + known.map(Throwable::getMessage).orElseGet(() -> bug(thrown)));
    if (verbose) {
      thrown.printStackTrace(command.getErr());
    } else if (known.isEmpty()) {
      command.getErr().println("canary: --verbose shows where it happened");
    }
    command.getErr().flush();
  }

  private static String bug(Exception thrown) {
    return "an error of this program: " + thrown;
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(Optional.of(thrown), Optional::isPresent, Failures::cause)
        .map(Optional::get);
  }

  private static Optional<Throwable> cause(Optional<Throwable> of) {
    return of.map(Throwable::getCause);
  }

  private static boolean isKnown(Throwable thrown) {
    return thrown instanceof PortFailure || isUsage(thrown);
  }

  /** Settings that are not usable are reported as illegal arguments. */
  private static boolean isUsage(Throwable thrown) {
    return thrown instanceof UsageError || thrown instanceof IllegalArgumentException;
  }
}
