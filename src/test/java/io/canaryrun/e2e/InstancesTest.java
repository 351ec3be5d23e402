package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Which daemons are alive, and what they hold. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class InstancesTest {
  private static final String NAME = "instances";

  /** Up to twice the TTL of 10 s; and each look starts a program, on a busy machine. */
  private static final Duration SESSION_ENDS = Duration.ofSeconds(60);

  private final Stack stack;

  InstancesTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void daemonIsShownWithItsRunsUntilItEndsOrDies() throws IOException {
    // Given
    var run = new Run(stack, NAME, NAME + "/").production(1);
    var before = Instant.now();
    try (var ends = agent("ends")) {
      run.put(run.definition(Map.of())).awaitPhase("ObservingCounters");
      try (var dies = agent("dies")) {
        assertShownUntilTheyEnd(ends, dies, before);
      }
    }

    // When
    long generation = run.generation();
    run.delete();
    try (var _ = agent("cleans-up")) {
      run.awaitEnd(generation);
    }

    // Then
    run.assertClean();
  }

  private void assertShownUntilTheyEnd(CanaryProcess ends, CanaryProcess dies, Instant before)
      throws IOException {
    // Then
    assertShows(Map.of("dies", List.of(), "ends", List.of(NAME)), List.of());
    var shown = instances().path("instances").get(1);
    assertEquals("node-of-ends", shown.path("node").asText(), shown.toString());
    var since = Instant.parse(shown.path("since").asText());
    assertEquals(true, since.isAfter(before) && since.isBefore(Instant.now()), shown.toString());

    // When
    ends.close();

    // Then
    await("handed over")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertShows(Map.of("dies", List.of(NAME)), List.of()));

    // When
    dies.kill();

    // Then
    await("seen to be dead")
        .atMost(SESSION_ENDS)
        .untilAsserted(() -> assertShows(Map.of(), List.of(NAME)));
  }

  private void assertShows(Map<String, List<String>> held, List<String> unheld) throws IOException {
    var seen = instances();
    var instances = new HashMap<String, List<String>>();
    seen.path("instances")
        .forEach(it -> instances.put(it.path("instance").asText(), texts(it.path("runs"))));
    assertEquals(held, instances, seen.toString());
    assertEquals(unheld, texts(seen.path("unheld")), seen.toString());
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }

  private JsonNode instances() throws IOException {
    var output = Files.createTempFile(stack.directory, NAME, ".json");
    try (var get =
        CanaryProcess.start(
            output, stack.environment(NAME + "/"), "get", "--instances", "-o", "json")) {
      assertEquals(0, get.exitCode(), get.output());
      return new ObjectMapper().readTree(get.output());
    }
  }

  private CanaryProcess agent(String name) {
    var environment = new HashMap<>(stack.environment(NAME + "/"));
    environment.put("CANARY_AGENT_INSTANCE", name);
    environment.put("CANARY_AGENT_NODE", "node-of-" + name);
    return CanaryProcess.agent(stack.directory.resolve(NAME + "-" + name + ".log"), environment);
  }
}
