package io.canaryrun.boot;

import io.canaryrun.cli.ExitCode;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;

/** Ends the process in the place of Quarkus, which would advise to kill whoever has the port. */
final class ProcessEnd {
  private ProcessEnd() {}

  /**
   * Ends it.
   *
   * @param code of a command that has ended
   * @param thrown why nothing could be started; null where a command has ended
   */
  static void exit(int code, Throwable thrown) {
    System.exit(thrown == null ? code : tell(thrown));
  }

  /**
   * Not to the log: that has been closed. Settings are here those of Quarkus, which are read before
   * any command; canary's own are its commands'.
   */
  private static int tell(Throwable thrown) {
    switch (ExceptionUtil.getRootCause(thrown)) {
      case QuarkusBindException port -> System.err.println("canary: " + portProblem(port));
      case ConfigValidationException settings -> {
        for (int i = 0; i < settings.getProblemCount(); i++) {
          System.err.println("canary: " + settings.getProblem(i).getMessage());
        }
        return ExitCode.USAGE;
      }
      case ConfigurationException setting -> {
        System.err.println("canary: " + setting.getMessage());
        return ExitCode.USAGE;
      }
      default -> {
        System.err.println("canary: an error of this program: it cannot be started");
        thrown.printStackTrace();
      }
    }
    return ExitCode.ERROR;
  }

  /** Of the daemon, which alone has a port. */
  private static String portProblem(QuarkusBindException problem) {
    if (problem.getMessage().endsWith("Address already in use")) {
      return "port %d at %s (QUARKUS_HTTP_PORT) is in use: another canary agent may run here;"
              .formatted(problem.getPort(), problem.getHost())
          + " stop it, or set another port";
    }
    return "port %d at %s (QUARKUS_HTTP_PORT, QUARKUS_HTTP_HOST) cannot be opened: %s"
        .formatted(problem.getPort(), problem.getHost(), problem.getMessage());
  }
}
