package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every command in the README is typed as it stands there, and ends as it should. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern BLOCK = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern INDENTED = Pattern.compile("(?m)^ {4}(.*)$");
  private static final Pattern COMMAND =
      Pattern.compile("(\\./|source <\\()?canary( .*)?|make .*|nomad job run .*");

  /** Names of things, and what is only the beginning of a command. */
  private static final Set<String> NO_COMMANDS = Set.of("canary", "./canary", "canary plan");

  /** In the order in which somebody types them, with their exit codes. */
  private static final Map<String, Integer> TYPED = new LinkedHashMap<>();

  static {
    TYPED.put("source <(canary completion bash)", 0);
    TYPED.put("canary schema", 0);
    TYPED.put("canary doctor", 0);
    TYPED.put("canary validate api.json", 0);
    TYPED.put("canary plan api.json", 0);
    TYPED.put("canary apply -f api.json --wait", 0);
    TYPED.put("canary wait NAME", 0);
    TYPED.put("canary get --instances", 0);
    TYPED.put("canary describe NAME", 0);
    TYPED.put("canary history NAME", 0);
    TYPED.put("canary promote NAME", 2); // Its run has ended.
    TYPED.put("canary run -f api.json", 0);
    // The driver of the test's jobs knows no images, so that no canary becomes healthy.
    TYPED.put("canary apply -f api.json --set image=registry.example/api:42 --wait", 3);
    TYPED.put(
        "canary apply -f canary.json --set \"image=registry.example/api:$VERSION\""
            + " --rerun=\"$BUILD\" --wait --timeout 45m",
        3);
  }

  /** What other tests run: those of completions, of the deployment, and the build itself. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "canary agent",
          "canary completion fish | source",
          "nomad job run deploy/nomad/canary.nomad.hcl");

  private final Stack stack;

  ReadmeTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void everyCommandIsKnownHere() throws IOException {
    var known = new TreeSet<>(TYPED.keySet());
    known.addAll(ELSEWHERE);
    var written = new TreeSet<>(commands());
    written.removeIf(command -> command.startsWith("make "));

    assertEquals(String.join("\n", known), String.join("\n", written));
  }

  @Test
  void everyTargetOfMakeIsThere() throws Exception {
    for (var command : commands()) {
      if (command.startsWith("make ")) {
        var ended = shell(Files.createTempDirectory("c-"), "make -n " + command.substring(5));
        assertEquals(0, ended.code(), command + ": " + ended.output());
      }
    }
  }

  @Test
  void everyCommandEndsAsItShould() throws Exception {
    // Given
    var run = new Run(stack, "readme", "readme/").production(1);
    var directory = Files.createTempDirectory(stack.directory, "readme");
    try (var _ = Traffic.to(run);
        var _ = CanaryProcess.agent(directory.resolve("agent.log"), environment())) {
      typeAllIn(directory);
    }
  }

  private void typeAllIn(Path directory) throws Exception {
    var definition = definition();
    Files.writeString(directory.resolve("api.json"), definition);
    Files.writeString(directory.resolve("canary.json"), definition);
    launcher(directory.resolve("canary"));

    for (var command : TYPED.entrySet()) {
      // When
      var ended = shell(directory, command.getKey().replace("NAME", "readme"));

      // Then
      assertEquals(command.getValue(), ended.code(), command.getKey() + ": " + ended.output());
    }
  }

  /** How a command ended, and all that it said. */
  private record Ended(int code, String output) {}

  private Ended shell(Path directory, String command) throws Exception {
    var output = directory.resolve("output");
    var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command);
    var environment = environment();
    environment.put("PATH", directory + ":" + System.getenv("PATH"));
    environment.put("VERSION", "43");
    environment.put("BUILD", "7");
    builder.environment().putAll(environment);
    if (!command.startsWith("make ")) {
      builder.directory(directory.toFile());
    }
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    var process = builder.start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 3 minutes: " + Files.readString(output));
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }

  /** Of an installation of its own, in which nothing else is wrong. */
  private Map<String, String> environment() {
    return stack.environment("readme/");
  }

  /** {@code canary} on the path. */
  private static void launcher(Path file) throws IOException {
    var command =
        CanaryProgram.recorded().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Files.writeString(file, "#!/bin/sh\nexec %s \"$@\"\n".formatted(command));
    file.toFile().setExecutable(true);
  }

  /** That of the README, for a job that this machine can run, and in less time. */
  private static String definition() throws IOException {
    var json = new ObjectMapper();
    var block = BLOCK.matcher(Files.readString(README));
    block.find();
    JsonNode definition = json.readTree(block.group(1));
    ((ObjectNode) definition.path("metadata")).put("name", "readme");
    var spec = (ObjectNode) definition.path("spec");
    ((ObjectNode) spec.path("job")).put("nomadJob", "readme");
    ((ObjectNode) spec.path("job")).putObject("set").putObject("env").put("VERSION", "2");
    ((ObjectNode) spec.path("canary")).put("count", 1);
    ((ObjectNode) spec.path("analysis")).put("requests", 200);
    spec.putObject("health").put("stableFor", "1s").put("deadline", "20s");
    return definition.toPrettyString();
  }

  /** What a reader would type, each once. */
  private static Set<String> commands() throws IOException {
    var text = Files.readString(README).replaceAll("\\\\\\n +", "");
    var commands = new LinkedHashSet<String>();
    var shown = new ArrayList<String>();
    var outsideBlocks = text.replaceAll("(?s)```.*?```", "");
    INDENTED.matcher(outsideBlocks).results().map(it -> it.group(1)).forEach(shown::add);
    var inText = INDENTED.matcher(outsideBlocks).replaceAll("").replaceAll("\\s*\\n\\s*", " ");
    CODE.matcher(inText).results().map(it -> it.group(1)).forEach(shown::add);
    text.lines()
        .filter(line -> line.startsWith("$ "))
        .map(line -> line.substring(2))
        .forEach(shown::add);
    for (var line : shown) {
      var command = line.replaceAll(" +# .*", "").strip();
      if (COMMAND.matcher(command).matches() && !NO_COMMANDS.contains(command)) {
        commands.add(command);
      }
    }
    return commands;
  }
}
