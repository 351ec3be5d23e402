package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.agents.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The stage of a delivery pipeline that all began with, from the examples: a canary job written by
 * hand, in rotation beside production behind HAProxy; with fewer canaries and requests.
 */
@Tag("e2e")
@ExtendWith(SharedStack.class)
class PipelineStageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXAMPLES = Path.of("examples");

  private final Stack stack;

  PipelineStageTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void goodVersionPassesAndBadVersionStopsThePipeline() throws IOException {
    // Given
    int port = LoopbackPorts.free();
    stack.nomad.run(Files.readString(EXAMPLES.resolve("api/api.nomad.hcl")), "count = 2");
    stack.nomad.run(Files.readString(Path.of("deploy/nomad/haproxy.nomad.hcl")), "port = " + port);
    var address = "127.0.0.1:" + port;
    Http.await("http://" + address + "/", "\"version\":\"1\"");

    try (var _ = Traffic.through(address)) {
      // When
      var good = stage("0");
      var bad = stage("0.01");

      // Then
      assertEquals(0, good.exitCode(), good.output());
      assertTrue(good.output().contains("Succeeded (GoalReached)"), good.output());
      assertEquals(3, bad.exitCode(), bad.output());
      assertTrue(bad.output().contains("Aborted (ErrorsExceeded)"), bad.output());
      stack.assertNoSession(good);
      stack.assertNoSession(bad);
    }
    var run = new Run(stack, "api", "stage/");
    assertEquals(2, run.running("api"));
    assertEquals(1, run.submissions("api"));
    run.assertClean();
  }

  private CanaryProcess stage(String errorRate) throws IOException {
    var definition = (ObjectNode) JSON.readTree(EXAMPLES.resolve("runs/pipeline.json").toFile());
    var file = stack.directory.resolve("stage.json");
    ((ObjectNode) definition.at("/spec/analysis")).put("requests", 1_000);
    Files.writeString(file, definition.toString());
    var process =
        CanaryProcess.start(
            stack.directory.resolve("stage-" + errorRate + ".log"),
            new HashMap<>(stack.environment("stage/")),
            "run",
            "-f",
            file.toString(),
            "--set",
            "canary.count=2",
            "--set",
            "canary.var.count=2",
            "--set",
            "canary.var.error_rate=" + errorRate);
    var _ = process.exitCode();
    return process;
  }
}
