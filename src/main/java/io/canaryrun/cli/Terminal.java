package io.canaryrun.cli;

import java.io.Console;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.terminal.TerminalBuilder;

/** The terminal that a person sits at, if any. */
final class Terminal {
  /** Of one that does not tell. */
  private static final Size USUAL = Size.of(80, 24);

  private Terminal() {}

  @SuppressWarnings("SystemConsoleNull") // In Java 25, it is null where there is no terminal.
  static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }

  /**
   * Its size, whenever that is asked for; empty: there is none, or none that can be drawn on.
   *
   * <p>It is asked for with each drawing, which takes microseconds, so that nothing need listen to
   * the signal of a resize.
   */
  static Optional<Supplier<Size>> size() {
    if (console().isEmpty()) {
      return Optional.empty(); // Without the time that it takes to open one.
    }
    try {
      var terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      return terminal.getType().startsWith(org.jline.terminal.Terminal.TYPE_DUMB)
          ? Optional.empty()
          : Optional.of(() -> known(terminal.getSize()));
    } catch (IOException e) {
      return Optional.empty(); // Lines will do.
    }
  }

  private static Size known(Size size) {
    return size.getColumns() > 0 && size.getRows() > 0 ? size : USUAL;
  }
}
