package io.canaryrun.cli;

import java.io.Console;
import java.util.Optional;

/** The terminal that a person sits at, if any. */
final class Terminal {
  private Terminal() {}

  @SuppressWarnings("SystemConsoleNull") // In Java 25, it is null where there is no terminal.
  static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
