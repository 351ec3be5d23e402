package io.canaryrun.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/** Cells in columns that are as wide as they need be. */
final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<AttributedString>> rows = new ArrayList<>();

  /** Numbers stand at the right. */
  record Column(String heading, boolean isNumber) {
    static Column text(String heading) {
      return new Column(heading, false);
    }

    static Column number(String heading) {
      return new Column(heading, true);
    }
  }

  Table(List<Column> columns) {
    this.columns = columns;
    row(columns.stream().map(Column::heading).toList());
  }

  /**
   * @param cells the last ones may be left out
   */
  void row(List<String> cells) {
    rows.add(cells.stream().map(StatusText::styled).toList());
  }

  /** The same with a first cell that is not plain. */
  void row(AttributedString first, String... others) {
    rows.add(Stream.concat(Stream.of(first), Stream.of(others).map(StatusText::styled)).toList());
  }

  /** The headings and the rows. */
  List<AttributedString> lines() {
    return rows.stream().map(this::line).toList();
  }

  private AttributedString line(List<AttributedString> row) {
    var line = new AttributedStringBuilder();
    for (int i = 0; i < row.size(); i++) {
      var cell = row.get(i);
      if (cell.columnLength() == 0) {
        continue; // So that no line ends with spaces.
      }
      pad(line, start(i) + (columns.get(i).isNumber() ? width(i) - cell.columnLength() : 0));
      line.append(cell);
    }
    return line.toAttributedString();
  }

  private static void pad(AttributedStringBuilder line, int column) {
    line.append(" ".repeat(Math.max(0, column - line.columnLength())));
  }

  private int start(int column) {
    int start = 0;
    for (int i = 0; i < column; i++) {
      start += width(i) + GAP.length();
    }
    return start;
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> row.get(column).columnLength())
        .max()
        .orElse(0);
  }
}
