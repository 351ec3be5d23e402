package io.canaryrun.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * What native-image is given, looked at without native-image: it keeps silent about a class that is
 * not registered, and Gson then writes {@code {}}.
 */
@Tag("e2e")
@Tag("native")
class NativeSourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SOURCES = Path.of("target/native-sources");

  /** Of the classes that are recorded: one for each place where they begin. */
  private static final Set<String> SURELY_RECORDED =
      Set.of(
          "com.hashicorp.nomad.apimodel.Job",
          "com.ecwid.consul.v1.session.model.NewSession",
          "com.ecwid.consul.v1.session.model.Session$Behavior");

  /** As this Jackson writes every tree, it asks nothing of the class. */
  private static final String TREE =
      "com.fasterxml.jackson.databind.node.InternalNodeMapper$WrapperForSerializer";

  /** Of another JVM, and of Quarkus' build: Quarkus registers them wherever they are. */
  private static final Set<String> OF_QUARKUS =
      Set.of(
          "com.ibm.lang.management.OperatingSystemMXBean",
          "io.quarkus.deployment.pkg.jar.JarTypeDefaultValueConfigInterceptor");

  @Test
  @DisabledIfSystemProperty(
      named = "canary.artifact",
      matches = ".+",
      disabledReason = "only programs that the tests start with their own Java are recorded")
  void everyClassThatJacksonOrGsonLookedIntoIsRegistered() throws IOException {
    // Given
    var recorded = ReflectionRecord.read();
    assertTrue(recorded.containsAll(SURELY_RECORDED), "not of all end-to-end tests: " + recorded);

    // When
    var missing = new TreeSet<>(recorded);
    missing.remove(TREE);
    for (var registered : registered()) {
      if (isWhole(registered)) {
        missing.remove(registered.path("name").asText());
      }
    }

    // Then
    assertEquals(Set.of(), missing, "name them in NomadModels, ConsulModels, or one like these");
  }

  private static boolean isWhole(JsonNode registered) {
    return Stream.of("allDeclaredConstructors", "allDeclaredMethods", "allDeclaredFields")
        .allMatch(part -> registered.path(part).asBoolean());
  }

  @Test
  void everyClassThatIsRegisteredIsThere() throws IOException {
    // Given
    var names = new TreeSet<String>();
    registered().forEach(registered -> names.add(registered.path("name").asText()));
    names.removeAll(OF_QUARKUS);

    // When
    var unknown = unknown(names);

    // Then
    assertEquals(Set.of(), unknown);
  }

  @Test
  void everyClassThatIsNotInitialisedAtBuildTimeIsThere() throws IOException {
    // Given
    var option = "--initialize-at-run-time=";

    // When
    var names =
        Arrays.stream(arguments().split(" "))
            .filter(argument -> argument.startsWith(option))
            .flatMap(argument -> Arrays.stream(argument.substring(option.length()).split(",")))
            .collect(Collectors.toSet());

    // Then
    assertTrue(names.contains("com.ecwid.consul.v1.ConsulRawClient"), names.toString());
    assertTrue(names.contains("org.apache.http.impl.auth.NTLMEngineImpl"), names.toString());
    assertEquals(Set.of(), unknown(names));
  }

  @Test
  void runsOnEveryProcessorOfItsKind() throws IOException {
    assertTrue(arguments().contains(" -march=compatibility "), arguments());
  }

  @Test
  void everyResourceIsIncluded() throws IOException {
    // Given
    var resources = Path.of("src/main/resources");
    Set<String> missing;
    try (var files = Files.walk(resources.resolve("io/canaryrun"))) {
      missing =
          files
              .filter(Files::isRegularFile)
              .map(file -> resources.relativize(file).toString())
              .collect(Collectors.toCollection(TreeSet::new));
    }
    assertTrue(missing.contains("io/canaryrun/canaryrun.schema.json"), missing.toString());

    // When
    for (var include : config("resource-config.json").at("/resources/includes")) {
      missing.removeIf(name -> name.matches(include.path("pattern").asText()));
    }

    // Then
    assertEquals(Set.of(), missing, "see quarkus.native.resources.includes");
  }

  private static String arguments() throws IOException {
    return Files.readString(SOURCES.resolve("native-image.args"));
  }

  private static JsonNode registered() throws IOException {
    return config("reflect-config.json");
  }

  private static JsonNode config(String name) throws IOException {
    try (var jar = new JarFile(SOURCES.resolve("canary.jar").toFile())) {
      var entry = jar.getEntry("META-INF/native-image/" + name);
      return JSON.readTree(new String(jar.getInputStream(entry).readAllBytes(), UTF_8));
    }
  }

  /** Those that are not on the class path that native-image is given. */
  private static Set<String> unknown(Set<String> classes) throws IOException {
    var unknown = new HashSet<String>();
    try (var libraries = Files.list(SOURCES.resolve("lib"));
        var loader = new URLClassLoader(urls(libraries))) {
      for (var name : classes) {
        try {
          Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
          unknown.add(name);
        }
      }
    }
    return unknown;
  }

  private static URL[] urls(Stream<Path> libraries) throws MalformedURLException {
    var urls = new ArrayList<URL>();
    for (var jar : Stream.concat(Stream.of(SOURCES.resolve("canary.jar")), libraries).toList()) {
      urls.add(jar.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
