package io.canaryrun.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.agents.ConsulAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The archive of {@code make dist} where there is nothing else: no Java, no variable, another
 * directory, and a link to its launcher.
 */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
class ArchiveTest {
  private static final Path DEFINITION = Path.of("examples/runs/derived.json").toAbsolutePath();

  private static Path archive;
  private static Path directory;
  private static Path home;
  private static Path link;
  private static ConsulAgent consul;

  @BeforeAll
  static void unpack() throws IOException {
    archive = CanaryProgram.archive();
    directory = Files.createTempDirectory("archive-");
    home = Archive.unpack(archive, directory);
    var first = Files.createSymbolicLink(directory.resolve("first"), home.resolve("bin/canary"));
    link = Files.createSymbolicLink(directory.resolve("link"), first);
    consul = ConsulAgent.dev(directory.resolve("consul"));
  }

  @AfterAll
  static void stop() {
    consul.close();
  }

  @Test
  void tellsItsVersion() {
    // When
    var canary = canary("version", List.of(), "--version");

    // Then
    assertEquals(0, canary.exitCode(), canary.output());
    assertEquals(
        archive.getFileName().toString(),
        canary.output().strip().replace("canary ", "canary-") + "-linux-amd64.tar.gz");
  }

  @Test
  void validatesOffline() {
    // When
    var canary = canary("validate", List.of(), "validate", DEFINITION.toString());

    // Then
    assertEquals(0, canary.exitCode(), canary.output());
  }

  @Test
  void appliesShowsAndFollows() {
    // When
    var apply = canary("apply", List.of(), "apply", "-f", DEFINITION.toString());
    assertEquals(0, apply.exitCode(), apply.output());
    var get = canary("get", List.of(), "get");
    assertEquals(0, get.exitCode(), get.output());
    var wait = canary("wait", List.of(), "wait", "api", "--timeout", "1s");

    // Then
    assertTrue(get.output().contains("api"), get.output());
    assertEquals(4, wait.exitCode(), wait.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void bringsWhatShellsComplete(String shell) throws IOException {
    // When
    var canary = canary("completion-" + shell, List.of(), "completion", shell);

    // Then
    assertEquals(0, canary.exitCode(), canary.output());
    assertEquals(canary.output(), Files.readString(home.resolve("completions/canary." + shell)));
  }

  /** The JVM says nothing where it does not take the cache: it is only slow. */
  @Test
  void startsFromItsAotCache() {
    // When
    var canary = canary("aot", List.of("CANARY_JAVA_OPTS=-XX:AOTMode=on"), "--version");

    // Then
    assertEquals(0, canary.exitCode(), canary.output());
  }

  @Test
  void sumsAreRight() throws Exception {
    // When
    var check =
        new ProcessBuilder("sha256sum", "--check", "--strict", "SHA256SUMS")
            .directory(archive.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    var output = new String(check.getInputStream().readAllBytes(), UTF_8);

    // Then
    assertEquals(0, check.waitFor(), output);
    assertTrue(output.contains(archive.getFileName() + ": OK"), output);
  }

  @Test
  void allFilesAreOfOneMoment() throws IOException {
    // When
    var times = new TreeSet<String>();
    try (var files = Files.walk(home)) {
      for (var file : files.toList()) {
        times.add(Files.getLastModifiedTime(file).toString());
      }
    }

    // Then
    assertEquals(1, times.size(), times.toString());
  }

  @Test
  void billOfMaterialsNamesEveryLibraryAndItsLicence() throws IOException {
    // Given
    Set<String> libraries;
    try (var files = Files.walk(home.resolve("lib/app/lib"))) {
      libraries =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".jar"))
              .collect(toSet());
    }
    assertFalse(libraries.isEmpty());

    // When
    var bill = new ObjectMapper().readTree(Files.readString(home.resolve("canary.cdx.json")));
    var components = StreamSupport.stream(bill.path("components").spliterator(), false).toList();
    var named =
        components.stream()
            .flatMap(it -> it.at("/evidence/occurrences").findValuesAsText("location").stream())
            .map(location -> Path.of(location).getFileName().toString())
            .collect(toSet());
    var unlicensed =
        components.stream()
            .filter(it -> it.path("purl").asText().startsWith("pkg:maven/"))
            .filter(it -> it.path("licenses").isEmpty())
            .map(it -> it.path("purl").asText())
            .collect(toSet());

    // Then
    libraries.removeAll(named);
    assertEquals(Set.of(), libraries);
    assertEquals(Set.of(), unlicensed);
  }

  /** Also of the one that is written anew for the archive. */
  @Test
  void billOfMaterialsHasTheHashesOfTheLibraries() throws Exception {
    // Given
    var bill = Files.readString(home.resolve("canary.cdx.json"));
    var wrong = new ArrayList<String>();

    // When
    try (var files = Files.newDirectoryStream(home.resolve("lib/app/lib/main"), "*.jar")) {
      for (var file : files) {
        var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        if (!bill.contains(HexFormat.of().formatHex(digest))) {
          wrong.add(file.getFileName().toString());
        }
      }
    }

    // Then
    assertEquals(List.of(), wrong);
  }

  /** A command in an environment with nothing but what it is given. */
  private static CanaryProcess canary(String name, List<String> variables, String... arguments) {
    var command = new ArrayList<>(List.of("env", "-i", "-C", "/"));
    command.add("CONSUL_HTTP_ADDR=" + consul.address());
    command.addAll(variables);
    command.add(link.toString());
    command.addAll(List.of(arguments));
    return CanaryProcess.start(directory.resolve(name + ".log"), Map.of(), command);
  }
}
