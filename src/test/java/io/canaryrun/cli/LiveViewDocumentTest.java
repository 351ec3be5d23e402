package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That {@code docs/live-view.md} shows what the program prints. */
class LiveViewDocumentTest {
  private static final Golden DOCUMENTS = Golden.at(Path.of("docs"));
  private static final String DOCUMENT = "live-view.md";

  /** A text that is quoted as a whole, under a comment that names its file. */
  private static final Pattern QUOTE =
      Pattern.compile("(<!-- (\\S+) -->\n```\\w*\n)(.*?)(```\n)", Pattern.DOTALL);

  private static final Pattern FIELD = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);

  @Test
  void quotesTheGoldenScreens() throws IOException {
    // Given
    var quoted = new ArrayList<String>();

    // When
    var written =
        QUOTE
            .matcher(DOCUMENTS.read(DOCUMENT))
            .replaceAll(
                found -> {
                  quoted.add(found.group(2));
                  return Matcher.quoteReplacement(
                      found.group(1) + read(found.group(2)) + found.group(4));
                });

    // Then
    DOCUMENTS.assertMatches(DOCUMENT, written);
    assertEquals(
        List.of(
            "display/terminal-good.txt",
            "display/terminal-bad.txt",
            "display/log-good.txt",
            "display/log-bad.txt",
            "screens/narrow.txt"),
        quoted);
  }

  @Test
  void listsTheFieldsOfEveryEvent() throws IOException {
    // Given
    var printed = new TreeSet<String>();
    for (var line : read("display/events-bad.jsonl").lines().toList()) {
      new ObjectMapper().readTree(line).fieldNames().forEachRemaining(printed::add);
    }

    // When
    var listed = new TreeSet<String>();
    FIELD.matcher(DOCUMENTS.read(DOCUMENT)).results().map(it -> it.group(1)).forEach(listed::add);

    // Then
    assertEquals(printed, listed);
  }

  private static String read(String file) {
    try {
      return Golden.in(".").read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
