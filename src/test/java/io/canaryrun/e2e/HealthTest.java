package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.agents.ConsulAgent;
import io.canaryrun.agents.LoopbackPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a supervisor is told: a new process does not bring Consul or Nomad back. */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
class HealthTest {
  private final int port = LoopbackPorts.free();

  @Test
  void daemonWithoutConsulAndNomadIsAliveButNotReady(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
    // Given
    try (var consul = ConsulAgent.dev(directory.resolve("consul"));
        var _ = agent(directory, consul)) {
      Http.await(health("ready"), "\"UP\"");

      // When
      consul.kill();

      // Then
      await("not ready")
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> Http.get(health("ready")).isEmpty());
      var live = Http.get(health("live"));
      assertTrue(!live.isEmpty(), "not alive");
    }
  }

  private String health(String which) {
    return "http://127.0.0.1:%d/q/health/%s".formatted(port, which);
  }

  private CanaryProcess agent(Path directory, ConsulAgent consul) {
    return CanaryProcess.start(
        directory.resolve("agent.log"),
        Map.of(
            "CONSUL_HTTP_ADDR", consul.address().toString(),
            "NOMAD_ADDR", "http://127.0.0.1:" + LoopbackPorts.free(),
            "QUARKUS_HTTP_PORT", "" + port),
        "agent");
  }
}
