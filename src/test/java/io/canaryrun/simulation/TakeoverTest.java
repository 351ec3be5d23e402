package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L2: once Consul has freed the lock of a dead owner, another daemon does not wait for news. */
class TakeoverTest {
  private static final Duration LOCK_DELAY = Duration.ofSeconds(1);

  /** After the lock delay. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** At whatever point between two looks of the other one the owner dies. */
  @ParameterizedTest
  @ValueSource(ints = {0, 700, 1_400, 2_100, 2_800, 3_500, 4_200, 4_900})
  void carriesOnARunAsSoonAsItsLockCanBeTaken(int millis) {
    // Given
    try (var world = new World(Scenario.NO_TRAFFIC)) {
      var owner = world.startDaemon("owner");
      world.runUntil(Duration.ofMinutes(5), () -> isObserving(world));
      world.startDaemon("heir");
      world.settle(Duration.ofSeconds(3).plusMillis(millis));

      // When
      owner.crash();

      // Then
      assertTrue(world.runUntil(Duration.ofMinutes(1), () -> lockedBy(world).isEmpty()));
      assertTrue(
          world.runUntil(LOCK_DELAY.plus(SOON), () -> lockedBy(world).isPresent()),
          "nobody has taken the lock");
    }
  }

  private static boolean isObserving(World world) {
    return world
        .status()
        .filter(status -> status.phase().word().equals("ObservingCounters"))
        .isPresent();
  }

  private static Optional<String> lockedBy(World world) {
    return world.consul.status(World.RUN).flatMap(StoredStatus::lockedBy);
  }
}
