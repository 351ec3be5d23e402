package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.boot.CanarySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The help names the variables that are read, and no others. */
class EnvironmentHelpTest {
  private static final Path ADAPTERS = Path.of("src/main/java/io/canaryrun/adapter");
  private static final Pattern VARIABLE = Pattern.compile("\"((?:NOMAD|CONSUL)_[A-Z_]+)\"");
  private static final Pattern OF_BOTH = Pattern.compile("prefix \\+ \"(_[A-Z_]+)\"");

  /** Nomad sets it for its tasks; nobody else need. */
  private static final String NOT_FOR_PEOPLE = "NOMAD_SECRETS_DIR";

  @Test
  void namesWhatIsRead() throws IOException {
    var read = new TreeSet<>(settings("CANARY", CanarySettings.class).toList());
    read.addAll(List.of("QUARKUS_HTTP_HOST", "QUARKUS_HTTP_PORT"));
    try (var files = Files.walk(ADAPTERS)) {
      for (var file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        var text = Files.readString(file);
        found(VARIABLE, text).forEach(read::add);
        found(OF_BOTH, text).forEach(end -> read.addAll(List.of("NOMAD" + end, "CONSUL" + end)));
      }
    }
    assertTrue(read.remove(NOT_FOR_PEOPLE));
    assertTrue(read.contains("NOMAD_CACERT"), read.toString());

    assertEquals(
        read,
        new TreeSet<>(
            found(Pattern.compile("\\b([A-Z]+_[A-Z_]+)\\b"), EnvironmentHelp.TEXT).toList()));
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(it -> it.group(1));
  }

  private static Stream<String> settings(String prefix, Class<?> group) {
    return Stream.of(group.getDeclaredMethods())
        .flatMap(
            setting -> {
              var name =
                  prefix
                      + "_"
                      + setting.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
              return setting.getReturnType().getEnclosingClass() == CanarySettings.class
                  ? settings(name, setting.getReturnType())
                  : Stream.of(name);
            });
  }
}
