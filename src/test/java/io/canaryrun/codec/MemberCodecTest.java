package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.core.observation.Member;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberCodecTest {
  private static final Instant SINCE = Instant.parse("2030-01-01T12:00:00Z");

  @Test
  void isReadAsItWasWritten() {
    var known = new Member("node-1-4711", "1.2.3", SINCE, Optional.of("node-1"));
    var unknown = new Member("node-1-4711", "1.2.3", SINCE, Optional.empty());

    assertEquals(Optional.of(known), MemberCodec.read(MemberCodec.write(known)));
    assertEquals(Optional.of(unknown), MemberCodec.read(MemberCodec.write(unknown)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{}",
        "{\"instance\":\"a\",\"version\":\"1\"}",
        "{\"instance\":\"a\",\"version\":\"1\",\"since\":\"yesterday\"}"
      })
  void whatSomebodyElseWroteIsNone(String text) {
    assertEquals(Optional.empty(), MemberCodec.read(text));
  }

  @Test
  void nothingInItMovesTheCursorOfATerminal() {
    var text =
        "{\"instance\":\"a\\u001b[2Jb\",\"version\":\"1\\n2\",\"since\":\"2030-01-01T12:00:00Z\"}";

    assertEquals(
        Optional.of(new Member("a [2Jb", "1 2", SINCE, Optional.empty())), MemberCodec.read(text));
  }
}
