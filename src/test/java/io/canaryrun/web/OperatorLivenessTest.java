package io.canaryrun.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.boot.SystemScheduler;
import io.canaryrun.core.observation.Member;
import io.canaryrun.fake.OneAtATime;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.Operator;
import io.canaryrun.operator.Ports;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.Leases;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Server;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class OperatorLivenessTest {
  private final SystemScheduler scheduler = new SystemScheduler();

  @Test
  void threadThatDiedIsShownAndTheProcessIsDown() {
    // Given
    var operator = operatorWith(new BrokenLeases());
    var liveness = new OperatorLiveness(operator, new Watchdog(operator.vitals(), scheduler));
    try {
      // When
      operator.start();

      // Then
      await()
          .dontCatchUncaughtExceptions() // The thread is to die of one, before this or during it.
          .atMost(Duration.ofSeconds(20))
          .until(() -> liveness.call().getStatus() == Status.DOWN);
      var shown = liveness.call().getData().orElseThrow().keySet();
      assertEquals(
          List.of("stuck operator"), shown.stream().filter(it -> it.startsWith("stuck")).toList());
    } finally {
      operator.stop();
    }
  }

  private Operator operatorWith(Leases leases) {
    var surroundings = new Surroundings();
    var outside = surroundings.ports();
    return new Operator(
        new Ports(
            OneAtATime.of(RunStore.class, outside.store()),
            leases,
            OneAtATime.of(Cluster.class, outside.cluster()),
            outside.services(),
            outside.counters(),
            outside.notifier(),
            scheduler),
        surroundings.settings(),
        new Member("test", "1", scheduler.now(), Optional.empty()));
  }

  /** An error of the program, not of Consul. */
  private static final class BrokenLeases implements Leases {
    private static IllegalStateException error() {
      return new IllegalStateException("planted");
    }

    @Override
    public String open(String instance, Duration ttl, Duration lockDelay) {
      throw error();
    }

    @Override
    public boolean renew(String session) {
      throw error();
    }

    @Override
    public void destroy(String session) {
      throw error();
    }

    @Override
    public boolean isOpen(String session) {
      throw error();
    }

    @Override
    public String datacenter() {
      throw error();
    }

    @Override
    public Server server() {
      throw error();
    }
  }
}
