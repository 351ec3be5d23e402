package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionCodecTest {
  private static final Golden GOLDEN = Golden.in("definition");

  static List<String> names() throws IOException {
    return GOLDEN.names(".in.json");
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsAsExpected(String name) throws IOException {
    GOLDEN.assertMatches(
        name + ".out.txt", shown(DefinitionCodec.read("api", GOLDEN.read(name + ".in.json"))));
  }

  @Test
  void everyFileIsUsed() throws IOException {
    GOLDEN.assertUsesOnly(".in.json", ".out.txt");
    assertTrue(names().size() >= 30, "too few examples");
  }

  @Test
  void refusesWhatConsulCouldNotHold() {
    var padding = " ".repeat(DefinitionCodec.MAX_BYTES);
    var problems =
        assertInstanceOf(
                DefinitionCodec.Result.Invalid.class, DefinitionCodec.read("api", "{}" + padding))
            .problems();
    assertEquals("/: is longer than 262144 bytes: put the job into a key", problems.get(0) + "");
  }

  @Test
  void neverThrowsWhateverItIsGiven() throws IOException {
    // Given
    var seed = Long.getLong("seed", new Random().nextLong());
    var random = new Random(seed);
    var texts = names().stream().map(DefinitionCodecTest::text).toList();

    // Then
    for (int i = 0; i < 20_000; i++) {
      var mutated = mutated(texts.get(random.nextInt(texts.size())), random);
      try {
        var _ = DefinitionCodec.read("api", mutated);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("-Dseed=" + seed + " threw on: " + mutated, e);
      }
    }
  }

  private static String text(String name) {
    try {
      return GOLDEN.read(name + ".in.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A few characters changed, left out, doubled, or replaced by something nasty. */
  private static String mutated(String text, Random random) {
    var pieces =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "null",
            "-1",
            "1e999999",
            "9".repeat(40),
            "\\u0000",
            "/*",
            "//",
            "[".repeat(500),
            "\"job\":",
            "0.5",
            "true",
            "é",
            "\ud800",
            "${x}");
    var changed = new StringBuilder(text);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(changed.length());
      int end = Math.min(changed.length(), at + random.nextInt(8));
      changed.replace(at, end, pieces.get(random.nextInt(pieces.size())));
    }
    return changed.toString();
  }

  private static String shown(DefinitionCodec.Result result) {
    return switch (result) {
      case DefinitionCodec.Result.Valid(var run) -> run.toString().replace(", ", ",\n  ") + "\n";
      case DefinitionCodec.Result.Invalid(var problems) ->
          problems.stream().map(problem -> problem + "\n").collect(Collectors.joining());
    };
  }
}
