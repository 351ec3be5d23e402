package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GenerationCodecTest {

  @Test
  void unpacksNoMoreThanItsLimit() {
    // Given little that becomes a lot
    var bomb = GenerationCodec.compressed(" ".repeat((16 << 20) + 1));
    assertTrue(bomb.length < 100_000, "compressed to " + bomb.length);

    // Then
    var refused = assertThrows(IllegalArgumentException.class, () -> GenerationCodec.read(bomb));
    assertEquals("more than 16777216 bytes", refused.getMessage());
  }
}
