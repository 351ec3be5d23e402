package io.canaryrun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder of expected texts. Run the tests with {@code -Dgolden.update=true} to write them anew,
 * and read the difference before it is committed.
 */
public final class Golden {
  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private final Path folder;

  private Golden(Path folder) {
    this.folder = folder;
  }

  public static Golden in(String folder) {
    return new Golden(ROOT.resolve(folder));
  }

  /** A folder that people read as well. */
  public static Golden at(Path folder) {
    return new Golden(folder);
  }

  /** The names of all files {@code NAME.suffix}, without the suffix. */
  public List<String> names(String suffix) throws IOException {
    return files().filter(file -> file.endsWith(suffix)).map(file -> cut(file, suffix)).toList();
  }

  public String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  public void assertMatches(String file, String actual) throws IOException {
    if (UPDATE) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(file), actual);
    }
    assertEquals(read(file), actual, file);
  }

  /** The same for a section of a document. */
  public static void assertMatches(DocumentSection section, String actual) throws IOException {
    if (UPDATE) {
      section.write(actual);
    }
    assertEquals(section.read(), actual, section.toString());
  }

  /** Fails on files that no test uses. */
  public void assertUsesOnly(String inSuffix, String outSuffix) throws IOException {
    var unused = new TreeSet<String>();
    files()
        .filter(file -> !file.endsWith(inSuffix))
        .filter(
            file ->
                !file.endsWith(outSuffix)
                    || !Files.exists(folder.resolve(cut(file, outSuffix) + inSuffix)))
        .forEach(unused::add);
    assertEquals(new TreeSet<String>(), unused);
  }

  private static String cut(String file, String suffix) {
    return file.substring(0, file.length() - suffix.length());
  }

  private Stream<String> files() throws IOException {
    try (var list = Files.list(folder)) {
      return list.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }
}
