package io.canaryrun.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;

/** Lines at the end of a terminal that are drawn again and again where they are. */
final class InPlace {
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  /** After a resize, lines may have been wrapped, or have gone: nobody knows where they are. */
  private static final String CLEAR_ALL = "\u001b[H\u001b[2J";

  private final PrintWriter out;
  private final Pen pen;
  private final Supplier<Size> terminal;
  private Size size;
  private int drawn;

  InPlace(PrintWriter out, Pen pen, Supplier<Size> terminal) {
    this.out = out;
    this.pen = pen;
    this.terminal = terminal;
    this.size = terminal.get();
  }

  /** The size for the next lines. */
  Size size() {
    return terminal.get();
  }

  /**
   * Draws over what was drawn last.
   *
   * @param fitting the size that the lines were made for; those that are longer are cut, for what
   *     wraps cannot be drawn over
   */
  void draw(List<AttributedString> lines, Size fitting) {
    var text = new StringBuilder(beginning(fitting));
    for (var line : lines) {
      text.append(pen.write(cut(line, fitting.getColumns()))).append(CLEAR_LINE).append('\n');
    }
    print(text.append(CLEAR_BELOW));
    drawn = lines.size();
  }

  /** Prints what stays, instead of what was drawn last. */
  void leave(List<AttributedString> lines) {
    var text = new StringBuilder(beginning(terminal.get())).append(CLEAR_BELOW);
    lines.forEach(line -> text.append(pen.write(line)).append('\n'));
    print(text);
    drawn = 0;
  }

  private String beginning(Size now) {
    boolean resized = !now.equals(size);
    size = now;
    if (drawn == 0) {
      return "";
    }
    return resized ? CLEAR_ALL : "\r\u001b[%dA".formatted(drawn);
  }

  private void print(StringBuilder text) {
    out.print(text);
    out.flush();
  }

  private static AttributedString cut(AttributedString line, int columns) {
    return line.columnLength() <= columns
        ? line
        : AttributedString.join(
            AttributedString.EMPTY,
            line.columnSubSequence(0, columns - 1),
            new AttributedString("…"));
  }
}
