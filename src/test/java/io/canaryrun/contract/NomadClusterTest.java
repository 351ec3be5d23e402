package io.canaryrun.contract;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.nomad.NomadCluster;
import io.canaryrun.adapter.nomad.NomadSettings;
import io.canaryrun.agents.LoopbackPorts;
import io.canaryrun.agents.NomadAgent;
import io.canaryrun.boot.SystemScheduler;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

@Tag("agents")
class NomadClusterTest extends ClusterContract {
  private static NomadAgent agent;
  private static NomadCluster cluster;

  @BeforeAll
  static void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
    agent = NomadAgent.dev(directory, "127.0.0.1:1"); // These jobs have no services.
    cluster =
        new NomadCluster(
            NomadSettings.of(new Environment(Map.of("NOMAD_ADDR", agent.address().toString()))),
            Optional.empty(),
            new SystemScheduler());
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
    agent.close();
  }

  @Test
  void nobodyAnsweringIsUnavailable() throws IOException {
    var nowhere = Map.of("NOMAD_ADDR", "http://127.0.0.1:" + LoopbackPorts.free());
    try (var dead =
        new NomadCluster(
            NomadSettings.of(new Environment(nowhere)), Optional.empty(), new SystemScheduler())) {
      var target = new Target("default", Optional.empty());

      assertThrows(PortFailure.Unavailable.class, () -> dead.job(target, "api"));
      assertThrows(PortFailure.Unavailable.class, dead::ping);
      assertThrows(
          PortFailure.Unavailable.class,
          () -> dead.followEvents("*", job -> {}, Duration.ofSeconds(1)));
    }
  }

  @Test
  void anInterruptEndsFollowing() throws InterruptedException {
    // Given
    var follower = following(job -> {});

    // When
    follower.interrupt();

    // Then
    assertTrue(follower.join(Duration.ofSeconds(5)));
  }

  @Override
  Cluster cluster() {
    return cluster;
  }

  @Override
  Instant now() {
    return Instant.now();
  }

  @Override
  void until(BooleanSupplier condition) {
    await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
  }

  @Override
  void follow(Consumer<String> onJob) {
    var _ = following(onJob);
  }

  private static Thread following(Consumer<String> onJob) {
    return Thread.startVirtualThread(
        () -> cluster.followEvents("default", onJob, Duration.ofSeconds(30)));
  }
}
