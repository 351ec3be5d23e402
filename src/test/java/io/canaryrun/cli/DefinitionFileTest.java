package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.canaryrun.codec.DefinitionCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionFileTest {
  @TempDir private Path directory;

  private String file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("api.json"), bytes).toString();
  }

  @Test
  void longestIsTaken() throws IOException {
    var longest = file(new byte[DefinitionCodec.MAX_BYTES]);

    assertEquals(DefinitionCodec.MAX_BYTES, DefinitionFile.text(longest).length());
  }

  @Test
  void longerOneIsRefused() throws IOException {
    var tooLong = file(new byte[DefinitionCodec.MAX_BYTES + 1]);

    assertEquals(
        tooLong + " is longer than 262144 bytes, the longest that a definition may be",
        assertThrows(UsageError.class, () -> DefinitionFile.text(tooLong)).getMessage());
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    var binary = file(new byte[] {(byte) 0xff, (byte) 0xfe});

    assertEquals(
        binary + " is not UTF-8",
        assertThrows(UsageError.class, () -> DefinitionFile.text(binary)).getMessage());
  }
}
