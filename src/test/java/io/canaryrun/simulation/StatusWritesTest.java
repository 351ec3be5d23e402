package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whatever the status holds: as long as nothing happens, it is written once a second at most. */
class StatusWritesTest {

  @Test
  void progressIsWrittenAtMostOnceASecond() {
    // Given
    try (var world = new World(Scenario.NO_TRAFFIC)) {
      world.startDaemon("first");
      world.runUntil(Duration.ofMinutes(1), () -> isObserving(world));
      world.settle(Duration.ofSeconds(2));
      var before = statusWrites(world);

      // When
      world.settle(Duration.ofSeconds(10));

      // Then
      assertTrue(isObserving(world));
      var status = world.status().orElseThrow();
      assertFalse(status.ledger().live().getFirst().shown().events().isEmpty());
      var written = statusWrites(world) - before;
      assertTrue(written > 0 && written <= 10, written + " writes in 10 s");
    }
  }

  private static boolean isObserving(World world) {
    return world
        .status()
        .filter(status -> status.phase() instanceof Phase.ObservingCounters)
        .isPresent();
  }

  private static long statusWrites(World world) {
    return world.consul.writes().stream()
        .filter(write -> write.key().equals("canary/status/" + World.RUN))
        .count();
  }
}
