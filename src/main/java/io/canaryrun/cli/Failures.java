package io.canaryrun.cli;

import io.canaryrun.port.PortFailure;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One line for whatever went wrong, and its exit code; no stack traces for what is no bug. */
public final class Failures implements IExecutionExceptionHandler {
  private final Shutdown shutdown;

  public Failures(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult result)
      throws Exception {
    var known = causes(thrown).filter(Failures::isKnown).findFirst();
    if (known.isEmpty() && !shutdown.hasBegun()) {
      throw thrown; // A bug: let it be seen.
    }
    if (!shutdown.hasBegun()) {
      command.getErr().println("canary: " + known.get().getMessage());
      command.getErr().flush();
    }
    return known.filter(Failures::isUsage).isPresent() ? ExitCode.USAGE : ExitCode.ERROR;
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
