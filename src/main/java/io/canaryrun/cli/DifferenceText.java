package io.canaryrun.cli;

import io.canaryrun.core.observation.Difference;
import io.canaryrun.core.observation.Difference.Kind;
import io.canaryrun.core.observation.Difference.Level;
import io.canaryrun.core.observation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A plan's difference as lines, like those of {@code nomad job plan}: what is wholly new or gone is
 * named, what is changed is told field by field.
 */
final class DifferenceText {
  private static final int MAX_VALUE_CHARS = 120;

  private final Plan plan;
  private final List<String> lines = new ArrayList<>();

  private DifferenceText(Plan plan) {
    this.plan = plan;
  }

  static List<String> lines(Plan plan) {
    var text = new DifferenceText(plan);
    text.add(plan.difference(), "");
    return text.lines;
  }

  private void add(Difference part, String indent) {
    lines.add(
        indent
            + sign(part.kind())
            + part.level().name().toLowerCase(Locale.ROOT)
            + " \""
            + part.name()
            + "\""
            + notes(part));
    if (part.kind() == Kind.CHANGED) {
      fields(part, "", indent + "  ");
    }
    part.parts().stream()
        .filter(inner -> inner.level() != Level.BLOCK)
        .forEach(inner -> add(inner, indent + "  "));
  }

  private String notes(Difference part) {
    var updates = plan.updates().get(part.name());
    var notes =
        part.level() == Level.GROUP && updates != null
            ? updates.numbers().entrySet().stream()
                .map(number -> number.getValue() + " " + number.getKey())
                .toList()
            : part.notes();
    return notes.isEmpty() ? "" : " (" + String.join(", ", notes) + ")";
  }

  private void fields(Difference part, String path, String indent) {
    for (var field : part.fields()) {
      var notes = field.notes().isEmpty() ? "" : " (" + String.join(", ", field.notes()) + ")";
      lines.add(indent + sign(field.kind()) + path + field.name() + ": " + values(field) + notes);
    }
    part.parts().stream()
        .filter(inner -> inner.level() == Level.BLOCK)
        .forEach(block -> fields(block, path + block.name() + ".", indent));
  }

  private static String values(Difference.Field field) {
    return switch (field.kind()) {
      case ADDED -> quoted(field.after());
      case REMOVED -> quoted(field.before());
      case SAME, CHANGED -> quoted(field.before()) + " => " + quoted(field.after());
    };
  }

  /** On one line; a text that somebody else chose does not command the terminal. */
  private static String quoted(String value) {
    var shown =
        value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS) + "...";
    return shown
        .chars()
        .mapToObj(DifferenceText::escaped)
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String escaped(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      default ->
          Character.isISOControl(character)
              ? String.format(Locale.ROOT, "\\u%04x", character)
              : Character.toString(character);
    };
  }

  private static String sign(Kind kind) {
    return switch (kind) {
      case SAME -> "  ";
      case ADDED -> "+ ";
      case REMOVED -> "- ";
      case CHANGED -> "~ ";
    };
  }
}
