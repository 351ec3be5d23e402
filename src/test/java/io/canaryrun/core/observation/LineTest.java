package io.canaryrun.core.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {

  /** Ends of lines, the escape of terminals in one and in two bytes, and turns of direction. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "\r\n", "\u0085", "\u2028", "\u2029", "\u001b", "\u009b", "\u202e", "\u2066", "\ufeff"
      })
  void nothingUnseenStays(String unseen) {
    assertEquals("a b", Line.of("a" + unseen + "b"));
  }
}
