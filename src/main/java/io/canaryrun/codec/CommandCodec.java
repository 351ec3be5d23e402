package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.observation.Command;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A person's command as JSON. */
public final class CommandCodec {
  /** Of one command; they go into the status, the log and onto terminals. */
  static final int MAX_BYTES = 4_096;

  static final int MAX_BY_CHARS = 100;
  static final int MAX_REASON_CHARS = 300;

  private CommandCodec() {}

  /**
   * @param action the last part of the key
   */
  public static Command read(String action, long modifyIndex, String text) {
    try {
      if (text.getBytes(UTF_8).length > MAX_BYTES) {
        throw new IllegalArgumentException("is longer than %d bytes".formatted(MAX_BYTES));
      }
      return read(action, modifyIndex, Json.parse(text));
    } catch (IllegalArgumentException e) {
      return new Command.Unreadable(action, modifyIndex, e.getMessage());
    }
  }

  private static Command read(String action, long modifyIndex, ObjectNode node) {
    var kind =
        Command.Kind.of(action)
            .orElseThrow(() -> new IllegalArgumentException("there is only " + actions()));
    if (!node.path("generation").canConvertToLong()
        || !node.path("generation").isIntegralNumber()) {
      throw new IllegalArgumentException(
          "/generation must be the number of the generation that is meant; "
              + "canary describe shows it");
    }
    return new Command.Asked(
        kind,
        modifyIndex,
        node.path("generation").asLong(),
        Json.text(node, "by")
            .filter(by -> !by.isBlank())
            .map(by -> line(by, MAX_BY_CHARS))
            .orElse("somebody"),
        Json.text(node, "reason").map(why -> line(why, MAX_REASON_CHARS)).orElse(""));
  }

  /** Nothing that moves the cursor of a terminal, or begins another line of a log. */
  static String line(String text, int maxChars) {
    var line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= maxChars ? line : line.substring(0, maxChars - 1) + "…";
  }

  private static String actions() {
    return Arrays.stream(Command.Kind.values())
        .map(Command.Kind::word)
        .collect(Collectors.joining(", "));
  }

  public static String write(Command.Asked command) {
    return Json.write(
        Json.object()
            .put("generation", command.generation())
            .put("reason", command.reason())
            .put("by", command.by()));
  }
}
