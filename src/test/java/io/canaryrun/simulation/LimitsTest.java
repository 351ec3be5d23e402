package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What others may ask of a daemon, however much they ask. */
class LimitsTest {
  private static final int COMMANDS_PER_MINUTE = 20;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration WRITTEN_ANEW = Duration.ofSeconds(1);

  @Test
  void floodOfCommandsIsAnsweredSlowly() {
    // Given
    try (var world = observing()) {
      // When
      flood(world, "resume", Duration.ofSeconds(90));
      world.settle(Duration.ofSeconds(90));

      // Then
      var answers = answers(world);
      assertTrue(answers.size() > COMMANDS_PER_MINUTE, "it goes on: " + answers.size());
      answers.forEach(
          first -> {
            var end = first.plus(MINUTE);
            var within = answers.stream().filter(it -> !it.isBefore(first) && it.isBefore(end));
            assertTrue(within.count() <= COMMANDS_PER_MINUTE, "within a minute from " + first);
          });
    }
  }

  @Test
  void abortIsHeededInTheMidstOfAFlood() {
    // Given
    try (var world = observing()) {
      flood(world, "resume", MINUTE);
      world.settle(Duration.ofSeconds(45));

      // When
      flood(world, "abort", Duration.ofSeconds(10));

      // Then
      assertTrue(world.runUntil(Duration.ofSeconds(10), world::hasEnded));
      assertEquals(
          Optional.of(new Phase.Ended(Reason.ABORTED_BY_PERSON)),
          world.status().map(status -> status.phase()));
    }
  }

  @Test
  void commandsForEndedRunsAreRemovedBitByBit() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      IntStream.range(0, 200)
          .forEach(it -> world.consul.userPuts("commands/gone-" + it + "/abort", "{}"));
      world.startDaemon("first");

      // When
      world.settle(Duration.ofSeconds(1));

      // Then
      assertNotEquals(Set.of(), world.consul.presentCommands());
      world.settle(Duration.ofMinutes(2));
      assertEquals(Set.of(), world.consul.presentCommands());
      assertTrue(world.hasEnded());
    }
  }

  @Test
  void moreRunsThanADaemonMayHoldWait() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      var names = IntStream.range(0, World.MAX_RUNS).mapToObj(it -> "run-" + it).toList();
      names.forEach(world::define);
      world.startDaemon("first");

      // When
      world.settle(Duration.ofSeconds(5));

      // Then
      assertEquals(World.MAX_RUNS, held(world, names));
      world.settle(Duration.ofMinutes(1));
      assertTrue(world.hasEnded());
      assertEquals(names.size() + 1, world.consul.presentRuns().size());
    }
  }

  private static long held(World world, List<String> names) {
    return names.stream().filter(name -> world.consul.lockHolder(name).isPresent()).count()
        + world.consul.lockHolder(World.RUN).stream().count();
  }

  private static World observing() {
    var world = new World(Scenario.noTrafficFor("30m"));
    world.startDaemon("first");
    assertTrue(
        world.runUntil(
            MINUTE,
            () ->
                world
                    .status()
                    .filter(status -> status.phase() instanceof Phase.ObservingCounters)
                    .isPresent()));
    return world;
  }

  private static void flood(World world, String action, Duration length) {
    for (var at = Duration.ZERO; at.compareTo(length) < 0; at = at.plus(WRITTEN_ANEW)) {
      world.at(at, () -> world.ask(action));
    }
  }

  private static List<Instant> answers(World world) {
    return world.status().orElseThrow().transitions().stream()
        .filter(Transition::isRefusal)
        .map(Transition::at)
        .toList();
  }
}
