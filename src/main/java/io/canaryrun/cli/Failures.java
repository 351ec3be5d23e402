package io.canaryrun.cli;

import io.canaryrun.port.PortFailure;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One line for whatever went wrong, and its exit code; where it went wrong only when asked. */
final class Failures implements IExecutionExceptionHandler {
  private final Shutdown shutdown;

  Failures(Shutdown shutdown) {
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
    var err = command.getErr();
    err.println(
        "canary: "
            + known
                .map(Throwable::getMessage)
                .orElseGet(() -> "an error of this program: " + thrown));
    if (CanaryCommand.of(command).isVerbose()) {
      thrown.printStackTrace(err);
    } else if (known.isEmpty()) {
      err.println("canary: --verbose shows where it happened");
    }
    known.flatMap(Failures::mend).ifPresent(it -> err.println("canary: canary doctor " + it));
    err.flush();
  }

  private static Optional<String> mend(Throwable known) {
    return switch (known) {
      case PortFailure.Denied _ -> Optional.of("shows which permissions are missing");
      case PortFailure.Unavailable _ ->
          Optional.of("tries to reach Consul and Nomad, and says what to do");
      default -> Optional.empty();
    };
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

  /**
   * Settings that are not usable are reported as illegal arguments; other kinds of them are not.
   */
  private static boolean isUsage(Throwable thrown) {
    return thrown instanceof UsageError || thrown.getClass() == IllegalArgumentException.class;
  }
}
