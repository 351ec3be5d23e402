package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What others may ask of a daemon, however much they ask. */
class LimitsTest {
  private static final int COMMANDS_PER_MINUTE = 20;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration WRITTEN_ANEW = Duration.ofMillis(200);

  @Test
  void floodOfCommandsIsAnsweredSlowly() {
    // Given
    try (var world = observing()) {
      // When
      flood(world, "resume", Duration.ofMinutes(3));
      world.settle(Duration.ofMinutes(3));

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
      flood(world, "resume", Duration.ofMinutes(3));
      flood(world, "abort", Duration.ofMinutes(3), Duration.ofMinutes(1));
      world.settle(Duration.ofMinutes(1));

      // When
      assertTrue(world.runUntil(Duration.ofSeconds(15), world::hasEnded));

      // Then
      assertEquals(
          Optional.of(new Phase.Ended(Reason.ABORTED_BY_PERSON)),
          world.status().map(status -> status.phase()));
    }
  }

  @Test
  void moreRunsThanADaemonMayHoldWait() {
    // Given
    try (var world = new World(Scenario.NO_TRAFFIC)) {
      var names = IntStream.range(0, World.MAX_RUNS + 3).mapToObj(it -> "run-" + it).toList();
      names.forEach(world::define);
      world.startDaemon("first");

      // When
      world.settle(Duration.ofSeconds(20));

      // Then
      assertEquals(World.MAX_RUNS, held(world, names));
      assertTrue(world.runUntil(Duration.ofMinutes(5), world::hasEnded));
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
    flood(world, action, length, Duration.ZERO);
  }

  private static void flood(World world, String action, Duration length, Duration from) {
    for (var at = from; at.compareTo(length) < 0; at = at.plus(WRITTEN_ANEW)) {
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
