package io.canaryrun.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.observation.Command;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A person's command as JSON. */
public final class CommandCodec {
  private CommandCodec() {}

  /**
   * @param action the last part of the key
   */
  public static Command read(String action, long modifyIndex, String text) {
    try {
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
        Json.text(node, "by").filter(by -> !by.isBlank()).orElse("somebody"),
        Json.text(node, "reason").orElse(""));
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
