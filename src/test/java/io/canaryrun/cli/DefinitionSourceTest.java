package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.canaryrun.codec.DefinitionCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionSourceTest {
  @TempDir private Path directory;

  private DefinitionSource source(String name, byte[] bytes) throws IOException {
    return new DefinitionSource(Files.write(directory.resolve(name), bytes));
  }

  private static String refusal(DefinitionSource source) {
    return assertThrows(UsageError.class, source::text).getMessage();
  }

  @Test
  void longestIsTaken() throws IOException {
    var longest = source("api.json", new byte[DefinitionCodec.MAX_BYTES]);

    assertEquals(DefinitionCodec.MAX_BYTES, longest.text().length());
  }

  @Test
  void longerOneIsRefused() throws IOException {
    var tooLong = source("api.json", new byte[DefinitionCodec.MAX_BYTES + 1]);

    assertEquals(
        tooLong + ": it is longer than 262144 bytes, the longest that a definition may be",
        refusal(tooLong));
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    var binary = source("api.json", new byte[] {(byte) 0xff, (byte) 0xfe});

    assertEquals(binary + ": it is not UTF-8", refusal(binary));
  }

  @Test
  void whatIsNotThereIsRefused() {
    var missing = new DefinitionSource(directory.resolve("missing.json"));

    assertEquals(missing + ": there is no such file", refusal(missing));
  }

  @Test
  void reasonOfTheSystemIsTold() throws IOException {
    var below = new DefinitionSource(source("api.json", new byte[0]).path().resolve("x"));

    assertEquals(below + ": Not a directory", refusal(below));
  }

  @Test
  void directoryStandsForItsFilesByNameWithoutHiddenAndForeignOnesAndThoseBelow()
      throws IOException {
    // Given
    var empty = new byte[0];
    var later = source("b.json", empty);
    var earlier = source("a.json", empty);
    source(".hidden.json", empty);
    source("README.md", empty);
    Files.createDirectories(directory.resolve("below.json"));
    Files.createFile(directory.resolve("below.json/c.json"));

    // When
    var files = new DefinitionSource(directory).files();

    // Then
    assertEquals(List.of(earlier, later), files);
  }

  @Test
  void hiddenFileIsTakenWhereItIsNamed() throws IOException {
    var hidden = source(".hidden.json", new byte[0]);

    assertEquals(List.of(hidden), hidden.files());
  }

  @Test
  void directoryWithoutDefinitionsIsRefused() throws IOException {
    source("README.md", new byte[0]);
    var folder = new DefinitionSource(directory);

    assertEquals(
        directory + ": there is no definition in this directory, no file *.json",
        assertThrows(UsageError.class, folder::text).getMessage());
  }
}
