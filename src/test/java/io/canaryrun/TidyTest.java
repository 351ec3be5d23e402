package io.canaryrun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the architecture and of style that a compiler does not check. */
class TidyTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final String ROOT = "io.canaryrun.";
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?([\\w.]+)[.;]", Pattern.MULTILINE);

  /** Who may import whom; every package may import itself. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.of(
          "core", Set.of(),
          "codec", Set.of("core"),
          "port", Set.of("core"),
          "operator", Set.of("core", "codec", "port"),
          "adapter", Set.of("core", "codec", "port"),
          "web", Set.of("core", "codec", "port", "operator"),
          "cli", Set.of("core", "codec", "port", "operator"),
          "boot", Set.of("core", "codec", "port", "operator", "adapter", "web", "cli"));

  /** Vendor packages, and the only places that may know each. */
  private static final Map<String, Set<String>> HOMES =
      Map.of(
          "com.hashicorp.", Set.of("adapter.nomad"),
          "com.ecwid.", Set.of("adapter.consul"),
          "io.vertx.", Set.of("adapter.counters", "adapter.http"),
          "picocli.", Set.of("cli"),
          "org.jline.", Set.of("cli"));

  /** Calls that would bypass the clock and the streams, and where they are at home. */
  private static final Map<String, List<String>> BANNED =
      Map.of(
          "Instant.now(", List.of("boot/SystemScheduler.java"),
          "System.nanoTime(", List.of("boot/SystemScheduler.java"),
          "System::nanoTime", List.of("adapter/http/Token.java"),
          "System.currentTimeMillis(", List.of(),
          "Thread.sleep(", List.of(),
          "System.out", List.of("cli/", "boot/Main.java"));

  /** In a static field, it would be that of the machine on which a native executable was built. */
  private static final Pattern OF_THE_MACHINE =
      Pattern.compile(
          "static final [^;=]+=[^;]*\\b(System\\.(get|console)|Charset\\.default|ZoneId\\.system"
              + "|Locale\\.getDefault|ProcessHandle|InetAddress|Random|HttpClient|SSLContext)");

  private static final Pattern TEST = Pattern.compile("`(?:\\w+/)*(\\w+Test)\\b");

  @Test
  void importsPointInward() throws IOException {
    var wrong = new TreeSet<String>();
    for (var file : sources()) {
      var layer = layer(file);
      for (var imported : imports(file)) {
        if (imported.startsWith(ROOT)) {
          var other = imported.substring(ROOT.length()).replaceFirst("\\..*", "");
          if (!other.equals(layer) && !MAY_IMPORT.get(layer).contains(other)) {
            wrong.add(file + " imports " + imported);
          }
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void coreKnowsNothingButJava() throws IOException {
    var wrong = new TreeSet<String>();
    for (var file : sources()) {
      if (layer(file).equals("core")) {
        imports(file).stream()
            .filter(name -> !name.startsWith("java.") && !name.startsWith(ROOT + "core."))
            .forEach(name -> wrong.add(file + " imports " + name));
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void vendorTypesStayAtHome() throws IOException {
    var wrong = new TreeSet<String>();
    for (var file : sources()) {
      for (var imported : imports(file)) {
        HOMES.forEach(
            (vendor, homes) -> {
              if (imported.startsWith(vendor)
                  && homes.stream().noneMatch(home -> inPackage(file, home))
                  && !isBoot(file)) {
                wrong.add(file + " imports " + imported);
              }
            });
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void adaptersDoNotKnowEachOther() throws IOException {
    var wrong = new TreeSet<String>();
    for (var file : sources()) {
      if (layer(file).equals("adapter")) {
        var own = ROOT + "adapter." + MAIN.relativize(file).getName(3) + ".";
        imports(file).stream()
            .filter(name -> name.startsWith(ROOT + "adapter.") && !name.startsWith(own))
            .filter(name -> !name.startsWith(ROOT + "adapter.http."))
            .forEach(name -> wrong.add(file + " imports " + name));
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void nothingBypassesTheClockOrTheStreams() throws IOException {
    var wrong = new TreeSet<String>();
    for (var file : sources()) {
      var text = Files.readString(file);
      BANNED.forEach(
          (call, homes) -> {
            if (text.contains(call) && homes.stream().noneMatch(file.toString()::contains)) {
              wrong.add(file + " uses " + call);
            }
          });
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void documentsNameOnlyTestsThatExist() throws IOException {
    var missing = new TreeSet<String>();
    var tests = Set.copyOf(names(Path.of("src/test/java")));
    for (var document : documents()) {
      TEST.matcher(Files.readString(document))
          .results()
          .map(it -> it.group(1))
          .filter(test -> !tests.contains(test + ".java"))
          .forEach(test -> missing.add(document + " names " + test));
    }
    assertEquals(Set.of(), missing);
  }

  private static List<Path> documents() throws IOException {
    try (var docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "ARCHITECTURE.md", "deploy/container/README.md").map(Path::of),
              docs.filter(it -> it.toString().endsWith(".md")))
          .toList();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.map(it -> it.getFileName().toString()).toList();
    }
  }

  @Test
  void staticFieldsKnowNothingOfTheMachine() throws IOException {
    var wrong = new TreeSet<String>();
    for (var file : sources()) {
      OF_THE_MACHINE
          .matcher(Files.readString(file))
          .results()
          .forEach(found -> wrong.add(file + " has " + found.group()));
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void switchesOverPhasesHaveNoDefault() throws IOException {
    for (var file : sources()) {
      var text = Files.readString(file);
      if (text.contains("case Phase.")) {
        assertFalse(text.contains("default ->"), file + " has a default");
      }
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MAIN.resolve("io/canaryrun"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String layer(Path file) {
    return MAIN.relativize(file).getName(2).toString();
  }

  private static boolean inPackage(Path file, String home) {
    return file.toString().contains("/" + home.replace('.', '/') + "/");
  }

  /** Where adapters meet ports, the vendors' clients are made. */
  private static boolean isBoot(Path file) {
    return layer(file).equals("boot");
  }

  private static List<String> imports(Path file) throws IOException {
    return IMPORT.matcher(Files.readString(file)).results().map(found -> found.group(1)).toList();
  }
}
