package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.simulation.Network.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** L3 on the virtual clock: interval 1 s, timeout of a read 1 s, and 100 ms. */
class StopOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {5_000, 5_200, 5_400, 5_600, 5_800, 6_000, 6_300, 6_600, 6_999})
  void stopsSoonAfterAnErrorCanBeRead(int errorAfterMillis) {
    // Given
    var world = observing(errorAfterMillis);
    var readable = canaryStart(world).plusMillis(errorAfterMillis);

    // When
    world.runUntil(Duration.ofMinutes(1), world::hasEnded);

    // Then
    assertStoppedInTime(world, readable);
  }

  @ParameterizedTest
  @ValueSource(ints = {6_000, 6_500, 12_000})
  void stopsAsSoonWhenConsulIsDown(int errorAfterMillis) {
    // Given
    var world = observing(errorAfterMillis);
    var readable = canaryStart(world).plusMillis(errorAfterMillis);

    // When
    world.consul.goDown();
    world.settle(Duration.ofSeconds(15));

    // Then
    assertStoppedInTime(world, readable);
  }

  @Test
  void isTriedOnceForAllCanariesOfASweep() {
    // Given
    var world = observing(5_000);
    var sweeps = new AtomicInteger();
    var orders = new AtomicInteger();
    world.network.on(
        (call, side, _) -> {
          if (side == Side.BEFORE && world.time.current().toString().equals("first/counters-api")) {
            (call.port().equals("CounterSource.read") ? sweeps : orders).incrementAndGet();
          }
        });

    // When
    world.consul.goDown();
    world.nomad.goDown();
    world.settle(Duration.ofSeconds(20));

    // Then
    assertTrue(orders.get() > 5, "tried again and again: " + orders);
    assertTrue(orders.get() <= sweeps.get(), orders + " in " + sweeps + " sweeps");
  }

  /** Production is as it was, so nothing is promoted that is known to be bad by now. */
  @ParameterizedTest
  @CsvSource({"Nomad, false", "Nomad, true", "Consul, false"})
  void winsUntilNomadIsAskedToChangeProduction(String away, boolean ownerDies) {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      var owner = world.startDaemon("first");
      world.runUntil(Duration.ofMinutes(1), () -> isIn(world, Phase.Promoting.class));
      if (away.equals("Nomad")) {
        world.nomad.goDown();
      } else {
        world.consul.goDown();
      }
      if (ownerDies) {
        owner.crash();
        world.startDaemon("second");
      }

      // When
      world.readings = read -> read instanceof Counted(var all, _) ? new Counted(all, 1) : read;
      world.settle(Duration.ofSeconds(ownerDies ? 30 : 4));
      world.consul.comeBack();
      world.nomad.comeBack();

      // Then
      assertTrue(world.runUntil(Duration.ofMinutes(3), world::hasEnded));
      assertEquals(
          Optional.of(new Phase.Ended(Reason.ERRORS_EXCEEDED)),
          world.status().map(RunStatus::phase));
      assertFalse(world.nomad.present("api").json().contains("api:42"));
    }
  }

  private static World observing(int errorAfterMillis) {
    var world = new World(Scenario.badFrom(Duration.ofMillis(errorAfterMillis)));
    world.startDaemon("first");
    world.runUntil(Duration.ofMinutes(1), () -> isIn(world, Phase.ObservingCounters.class));
    return world;
  }

  private static boolean isIn(World world, Class<? extends Phase> phase) {
    return world.status().map(RunStatus::phase).filter(phase::isInstance).isPresent();
  }

  private static Instant canaryStart(World world) {
    return world.nomad.liveAllocations().stream()
        .filter(allocation -> allocation.jobId().equals("api-canary"))
        .map(allocation -> allocation.processStartedAt())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static void assertStoppedInTime(World world, Instant readable) {
    var taken = Invariants.errorToStop(world, World.RUN, readable).orElseThrow();
    assertTrue(
        taken.compareTo(Bounds.ERROR_TO_STOP) <= 0, taken + " from the error to the stop order");
  }
}
