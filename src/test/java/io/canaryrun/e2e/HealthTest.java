package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.agents.ConsulAgent;
import io.canaryrun.agents.LoopbackPorts;
import io.canaryrun.agents.NomadAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a supervisor is told: a new process does not bring Consul or Nomad back. */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
class HealthTest {
  private final int port = LoopbackPorts.free();

  enum Lost {
    CONSUL,
    NOMAD
  }

  @ParameterizedTest
  @EnumSource
  void daemonWithoutConsulOrNomadIsAliveButNotReady(
      Lost lost, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
    // Given
    try (var consul = ConsulAgent.dev(directory.resolve("consul"));
        var nomad = NomadAgent.dev(directory.resolve("nomad"), consul.authority());
        var agent = agent(directory, consul, nomad)) {
      Http.await(health("ready"), "\"UP\"");

      // When
      switch (lost) {
        case CONSUL -> consul.kill();
        case NOMAD -> nomad.kill();
      }

      // Then
      await("not ready")
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> Http.get(health("ready")).isEmpty());
      var live = Http.get(health("live"));
      assertTrue(!live.isEmpty(), "not alive");
      assertTrue(agent.isAlive());
    }
  }

  @Test
  void daemonIsWatchedByAThreadOfItsOwn(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
    // Given
    try (var consul = ConsulAgent.dev(directory.resolve("consul"));
        var nomad = NomadAgent.dev(directory.resolve("nomad"), consul.authority());
        var agent = agent(directory, consul, nomad)) {
      // The port answers before the daemon has begun, and threads are printed once.
      Http.await(health("ready"), "\"UP\"");

      // When
      agent.printThreads();

      // Then
      await("the watchdog is among the threads")
          .atMost(Duration.ofSeconds(30))
          .until(() -> agent.output().contains("\n\"watchdog\" "));
    }
  }

  private String health(String which) {
    return "http://127.0.0.1:%d/q/health/%s".formatted(port, which);
  }

  private CanaryProcess agent(Path directory, ConsulAgent consul, NomadAgent nomad) {
    return CanaryProcess.start(
        directory.resolve("agent.log"),
        Map.of(
            "CONSUL_HTTP_ADDR", consul.address().toString(),
            "NOMAD_ADDR", nomad.address().toString(),
            "QUARKUS_HTTP_PORT", "" + port),
        "agent");
  }
}
