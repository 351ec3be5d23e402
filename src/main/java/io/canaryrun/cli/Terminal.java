package io.canaryrun.cli;

import java.io.Console;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.nativ.CLibrary;
import org.jline.terminal.Size;

/** The terminal that a person sits at, if any. */
final class Terminal {
  private static final int STDOUT = 1;

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
   * <p>It is the output that counts: a definition may come from standard input.
   *
   * <p>It is asked for with each drawing, which takes microseconds, so that nothing need listen to
   * the signal of a resize. JLine's own terminal is not opened for it: that would close the output
   * as soon as the process is told to end, before a command can say what becomes of the run.
   */
  static Optional<Supplier<Size>> size() {
    if (System.getenv().getOrDefault("TERM", "dumb").equals("dumb")) {
      return Optional.empty();
    }
    try {
      return CLibrary.isatty(STDOUT) == 1 ? Optional.of(Terminal::ask) : Optional.empty();
    } catch (LinkageError e) {
      return Optional.empty(); // No library for this machine, or no place for it: lines will do.
    }
  }

  private static Size ask() {
    var size = new CLibrary.WinSize();
    boolean told = CLibrary.ioctl(STDOUT, CLibrary.TIOCGWINSZ, size) == 0;
    return told && size.ws_col > 0 && size.ws_row > 0 ? Size.of(size.ws_col, size.ws_row) : USUAL;
  }
}
