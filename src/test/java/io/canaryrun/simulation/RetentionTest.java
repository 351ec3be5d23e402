package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How long what is known of an ended run stays. */
class RetentionTest {
  private static final Duration A_FEW_SWEEPS = Duration.ofMinutes(3);

  @Test
  void runWithoutADefinitionIsForgottenInTheEnd() {
    // Given
    var world = ended();
    long generation = world.consul.presentGeneration(World.RUN).orElseThrow();
    assertTrue(world.consul.generation(World.RUN, generation).isPresent());
    world.consul.userDeletes(World.RUN);
    world.settle(A_FEW_SWEEPS);
    assertEquals(Set.of(World.RUN), world.consul.presentRuns());

    // When
    world.settle(World.KEEP_DELETED);

    // Then
    assertEquals(Set.of(), world.consul.presentRuns());
    assertEquals(Optional.empty(), world.consul.generation(World.RUN, generation));
  }

  @Test
  void runWithADefinitionIsNot() {
    // Given
    var world = ended();

    // When
    world.settle(World.KEEP_DELETED);

    // Then
    assertEquals(Optional.of(new Phase.Ended(Reason.GOAL_REACHED)), phase(world));
  }

  @Test
  void statusThatWasRemovedAfterTheEndComesBackFromTheHistory() {
    assertComesBack(world -> world.consul.userRemoves("status/api"));
  }

  @Test
  void statusThatWasWrittenOverAfterTheEndComesBackFromTheHistory() {
    assertComesBack(world -> world.consul.userPuts("status/api", "{}"));
  }

  private static void assertComesBack(Consumer<World> tampering) {
    // Given
    var world = ended();
    var before = world.status();
    int registrations = world.nomad.registrations().size();

    // When
    tampering.accept(world);
    world.settle(A_FEW_SWEEPS);

    // Then
    assertEquals(before, world.status());
    assertEquals(registrations, world.nomad.registrations().size());
    assertEquals(Optional.empty(), world.consul.lockHolder(World.RUN));
  }

  private static Optional<Phase> phase(World world) {
    return world.status().map(status -> status.phase());
  }

  private static World ended() {
    var world = new World(Scenario.GOOD);
    world.startDaemon("first");
    assertTrue(world.runUntil(Duration.ofMinutes(2), world::hasEnded));
    world.settle(Duration.ofSeconds(2));
    return world;
  }
}
