package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.core.observation.Command;
import org.junit.jupiter.api.Test;

/** Whoever may write a command may write anything there. */
class CommandCodecTest {

  @Test
  void isReadAsItWasWritten() {
    var command = new Command.Asked(Command.Kind.ABORT, 90, 7, "ada", "CHG-4711");

    assertEquals(command, CommandCodec.read("abort", 90, CommandCodec.write(command)));
  }

  @Test
  void longOneIsNotRead() {
    var text = "{\"generation\":7,\"reason\":\"%s\"}".formatted("x".repeat(CommandCodec.MAX_BYTES));

    assertEquals(
        new Command.Unreadable("abort", 90, "is longer than 4096 bytes"),
        CommandCodec.read("abort", 90, text));
  }

  @Test
  void namesAndReasonsAreShortLines() {
    // Given
    var text =
        "{\"generation\":7,\"by\":\"%s\",\"reason\":\"a\\n2030-01-01 run api: \\u001b[2Jb%s\"}"
            .formatted("y".repeat(CommandCodec.MAX_BY_CHARS + 1), "z".repeat(400));

    // When
    var command = CommandCodec.read("pause", 90, text);

    // Then
    var reason = "a 2030-01-01 run api:  [2Jb";
    assertEquals(
        new Command.Asked(
            Command.Kind.PAUSE,
            90,
            7,
            "y".repeat(CommandCodec.MAX_BY_CHARS - 1) + "…",
            reason + "z".repeat(CommandCodec.MAX_REASON_CHARS - 1 - reason.length()) + "…"),
        command);
  }
}
