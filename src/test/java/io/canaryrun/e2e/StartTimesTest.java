package io.canaryrun.e2e;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.DocumentSection;
import io.canaryrun.agents.ConsulAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long whole processes take, beside those of Nomad and Consul, as a section of {@code
 * docs/performance.md}. They take turns, so that what else the machine does meets all of them.
 */
@Tag("e2e")
@Tag("bench")
class StartTimesTest {
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 25);
  private static final DocumentSection SECTION =
      new DocumentSection(DocumentSection.PERFORMANCE, "start times", "make bench");

  /** A command, and how long each of its processes took. */
  private record Timed(String name, List<String> command, List<Duration> times) {
    Timed(String name, List<String> program, String... arguments) {
      this(name, Stream.concat(program.stream(), Stream.of(arguments)).toList(), new ArrayList<>());
    }

    void run(Map<String, String> environment) throws Exception {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      long start = System.nanoTime();
      int code = builder.start().waitFor();
      times.add(Duration.ofNanos(System.nanoTime() - start));
      assertEquals(0, code, String.join(" ", command));
    }

    private Duration median() {
      return times.stream().sorted().toList().get(times.size() / 2);
    }

    String row(Timed reference) {
      var sorted = times.stream().sorted().toList();
      return String.format(
          Locale.ROOT,
          "| %s | %.3f | %.3f to %.3f | %.1f |%n",
          name,
          seconds(median()),
          seconds(sorted.getFirst()),
          seconds(sorted.getLast()),
          seconds(median()) / seconds(reference.median()));
    }

    private static double seconds(Duration length) {
      return length.toNanos() / 1e9;
    }
  }

  @Test
  void eachCommandEndsWell() throws Exception {
    var directory = Files.createTempDirectory("bench-");
    try (var consul = ConsulAgent.dev(directory.resolve("consul"))) {
      // Given
      consul.put("canary/runs/api", Files.readString(Path.of("examples/runs/derived.json")));
      var environment = Map.of("CONSUL_HTTP_ADDR", consul.address().toString());
      var archive = List.of(Archive.unpack(CanaryProgram.archive(), directory) + "/bin/canary");
      var artifact = CanaryProgram.command();
      var versions =
          List.of(
              new Timed("`nomad version`", List.of("nomad"), "version"),
              new Timed("`canary --version`, archive", archive, "--version"),
              new Timed("`canary --version`, " + CanaryProgram.name(), artifact, "--version"));
      var reads =
          List.of(
              new Timed("`consul kv get`", List.of("consul"), "kv", "get", "canary/runs/api"),
              new Timed("`canary get`, archive", archive, "get"),
              new Timed("`canary get`, " + CanaryProgram.name(), artifact, "get"));

      // When
      for (int round = 0; round < ROUNDS; round++) {
        for (var timed : Stream.of(versions, reads).flatMap(List::stream).toList()) {
          timed.run(environment);
        }
      }

      // Then
      var section = section(rows(versions) + rows(reads));
      System.out.println(section);
      SECTION.write(section);
    }
  }

  private static String rows(List<Timed> group) {
    return group.stream().map(timed -> timed.row(group.getFirst())).collect(joining());
  }

  private static String section(String rows) throws IOException {
    return """
        ## Start times

        Whole processes, %d of each, in turn, in seconds; Consul is a real one on loopback. The ratio is
        that of the medians, to `nomad version` and to `consul kv get` in the same run.

        Machine: %s.

        | process | median | fastest to slowest | ratio |
        |---|---|---|---|
        %s"""
        .formatted(ROUNDS, DocumentSection.machine(), rows);
  }
}
