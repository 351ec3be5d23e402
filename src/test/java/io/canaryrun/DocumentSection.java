package io.canaryrun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A section of a document that a test run writes; the rest of the file stays.
 *
 * @param writtenBy the command, as a user types it, or the test
 */
public record DocumentSection(Path file, String name, String writtenBy) {
  public static final Path RELIABILITY = Path.of("docs/reliability.md");
  public static final Path PERFORMANCE = Path.of("docs/performance.md");

  /** Replaces the section, or adds it. */
  public void write(String text) throws IOException {
    var before = Files.readString(file);
    var found = pattern().matcher(before);
    var section = begin() + text + end();
    Files.writeString(
        file,
        found.find()
            ? before.substring(0, found.start()) + section + before.substring(found.end())
            : before + "\n" + section);
  }

  /** What was written last; empty: nothing, or there is no such section. */
  public String read() throws IOException {
    var found = pattern().matcher(Files.readString(file));
    return found.find() ? found.group(1) : "";
  }

  private Pattern pattern() {
    return Pattern.compile(Pattern.quote(begin()) + "(.*?)" + Pattern.quote(end()), Pattern.DOTALL);
  }

  private String begin() {
    return "<!-- %s: written by `%s` -->\n".formatted(name, writtenBy);
  }

  private String end() {
    return "<!-- end of %s -->\n".formatted(name);
  }

  /** Where the numbers come from. */
  public static String machine() throws IOException {
    var memory = Files.readString(Path.of("/proc/meminfo")).lines().findFirst().orElse("");
    return "%s %s, %d processors, %d GiB"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Math.round(Long.parseLong(memory.replaceAll("\\D", "")) / 1024.0 / 1024.0));
  }
}
