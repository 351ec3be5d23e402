package io.canaryrun.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.canaryrun.DocumentSection;
import io.canaryrun.Golden;
import io.smallrye.config.ConfigMappings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The page of all settings, made from their source. */
class ConfigurationTest {
  private static final Path SOURCE = Path.of("src/main/java/io/canaryrun/boot/CanarySettings.java");

  /**
   * @param property its whole name
   * @param fallback empty: none
   */
  private record Setting(String property, String type, String fallback, String meaning) {
    String row() {
      return "| `%s` | %s | %s | %s |\n"
          .formatted(variable(property), type, shownDefault(), meaning);
    }

    /** Without its type and meaning. */
    String shortRow() {
      return "| `%s` | %s |\n".formatted(variable(property), shownDefault());
    }

    private String shownDefault() {
      return fallback.isEmpty() ? "" : "`" + fallback + "`";
    }
  }

  @Test
  void pageHasEverySetting() throws IOException {
    // When
    var settings = settings();

    // Then
    assertEquals(properties(), settings.stream().map(Setting::property).sorted().toList());
    var rows = settings.stream().map(Setting::row).collect(Collectors.joining());
    Golden.at(Path.of("docs")).assertMatches("configuration.md", page(rows));
  }

  @Test
  void readmeListsThem() throws IOException {
    var rows = settings().stream().map(Setting::shortRow).collect(Collectors.joining());
    Golden.assertMatches(
        new DocumentSection(Path.of("README.md"), "settings", "ConfigurationTest"),
        "| variable | default |\n|---|---|\n" + rows);
  }

  private static String page(String rows) {
    return """
      # Configuration

      Settings of canary, as environment variables; in the operator's job file as entries of
      `environment`. A property of that name in lower case, with dots, does the same, as a line in
      `config/application.properties` of the working directory, or in `CANARY_JAVA_OPTS`, the options of
      the archive's JVM (`CANARY_JAVA_OPTS=-Dcanary.kv-prefix=…`).
      A variable prevails over a file, and a blank one is not set: the default is taken. A wrong value
      fails the commands that use it, with exit code 2 and what it must be.

      | variable | type | default | meaning |
      |---|---|---|---|
      %s
      Of the daemon's port and its log, as Quarkus names them:

      | variable | default | meaning |
      |---|---|---|
      | `QUARKUS_HTTP_HOST` | `127.0.0.1` | address of the daemon's port; what it shows needs no token |
      | `QUARKUS_HTTP_PORT` | `8484` | health and metrics |
      | `QUARKUS_LOG_LEVEL` | `WARN` | of the libraries |
      | `QUARKUS_LOG_CATEGORY__IO_CANARYRUN__LEVEL` | `INFO` | of canary |
      | `QUARKUS_LOG_CONSOLE_JSON_ENABLED` | `false` | one JSON object per line |

      Nomad and Consul are found by the variables of their own clients, with the same meanings:
      `NOMAD_ADDR`, `NOMAD_TOKEN`, `NOMAD_HTTP_AUTH`, `NOMAD_CACERT`, `NOMAD_CAPATH`,
      `NOMAD_CLIENT_CERT`, `NOMAD_CLIENT_KEY`, `NOMAD_TLS_SERVER_NAME`, `NOMAD_SKIP_VERIFY`;
      `CONSUL_HTTP_ADDR`, `CONSUL_HTTP_TOKEN`, `CONSUL_HTTP_TOKEN_FILE`, `CONSUL_HTTP_AUTH`,
      `CONSUL_HTTP_SSL`, `CONSUL_HTTP_SSL_VERIFY`, `CONSUL_CACERT`, `CONSUL_CAPATH`,
      `CONSUL_CLIENT_CERT`, `CONSUL_CLIENT_KEY`, `CONSUL_TLS_SERVER_NAME`; and `NOMAD_TOKEN_FILE`,
      which Nomad's own client does not know. Both addresses may be `unix://`. Token files are read
      anew when they change. A run's namespace and region are in its definition.
      """
        .formatted(rows);
  }

  static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** Those that the mapping has, by its own account. */
  static List<String> properties() {
    var mapping = ConfigMappings.ConfigClass.configClass(CanarySettings.class, "canary");
    return ConfigMappings.getProperties(mapping).keySet().stream()
        .map(Object::toString)
        .filter(property -> !property.endsWith("[*]")) // The same as a list.
        .sorted()
        .toList();
  }

  private static List<Setting> settings() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var sources = files.getJavaFileObjects(SOURCE);
      var task = (JavacTask) compiler.getTask(null, files, null, null, null, sources);
      var reader = new Reader(DocTrees.instance(task));
      task.parse().forEach(unit -> reader.scan(new TreePath(unit), null));
      return reader.settings;
    }
  }

  /** Reads the interfaces of the mapping, each below the method that returns it. */
  private static final class Reader extends TreePathScanner<Void, Void> {
    private final DocTrees docs;
    private final Deque<String> prefix = new ArrayDeque<>(List.of("canary"));
    private final Map<String, String> defaults = new HashMap<>();
    private final List<Setting> settings = new ArrayList<>();

    Reader(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree node, Void nothing) {
      var name = node.getSimpleName().toString();
      if (name.equals("CanarySettings")) {
        return super.visitClass(node, null);
      }
      prefix.addLast(kebab(name));
      super.visitClass(node, null);
      prefix.removeLast();
      return null;
    }

    /** A default: it stands before the setting that has it. */
    @Override
    public Void visitVariable(VariableTree node, Void nothing) {
      defaults.put(
          node.getName().toString(), ((LiteralTree) node.getInitializer()).getValue().toString());
      return null;
    }

    @Override
    public Void visitMethod(MethodTree node, Void nothing) {
      var type = node.getReturnType().toString();
      var comment = docs.getDocComment(getCurrentPath());
      if (comment != null) {
        var fallback = fallback(node);
        settings.add(
            new Setting(
                String.join(".", prefix) + "." + kebab(node.getName().toString()),
                inWords(type, fallback),
                fallback,
                comment.strip().replaceAll("\\{@code ([^}]*)}", "`$1`").replaceAll("\\s+", " ")));
      }
      return null;
    }

    private String fallback(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .filter(it -> it.getAnnotationType().toString().equals("WithDefault"))
          .flatMap(it -> it.getArguments().stream())
          .map(it -> it instanceof AssignmentTree assigned ? assigned.getExpression() : it)
          .map(it -> defaults.get(it.toString()))
          .findFirst()
          .orElse("");
    }

    /** Whatever is typed is a text, so the default tells a number and a duration from others. */
    private static String inWords(String type, String fallback) {
      if (type.equals("Optional<List<String>>")) {
        return "list, with commas";
      }
      if (fallback.matches("\\d+")) {
        return "number";
      }
      return fallback.matches("\\d+[smh]") ? "duration, like `90s` or `720h`" : "text";
    }

    private static String kebab(String name) {
      return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
  }
}
