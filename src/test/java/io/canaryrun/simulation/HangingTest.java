package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.simulation.Network.Side;
import io.canaryrun.simulation.SimulatedTime.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon gets on whatever fails; one of which a thread does not is to be ended. */
@ExtendWith(Silence.class)
class HangingTest {
  private static final Duration FOR_EVER = Duration.ofDays(1_000);

  private static final Duration A_LONG_TIME = Watchdog.PATIENCE.multipliedBy(2);

  private static final Duration LATEST = Watchdog.PATIENCE.plus(Watchdog.EVERY);

  @ParameterizedTest
  @CsvSource({
    "RunStore.statuses, operator",
    "RunStore.claim, operator",
    "Leases.open, operator",
    "Leases.renew, lease",
    "RunStore.awaitDefinitionChange, definitions",
    "RunStore.awaitStatusChange, statuses",
    "Cluster.followEvents, events-default",
    "Cluster.ping, nomad",
    "Cluster.stampedJobs, sweep",
    "RunStore.commands, run-api",
    "Cluster.allocations, run-api",
    "RunStore.write, run-api",
    "CounterSource.read, counters-api"
  })
  void threadWhoseCallNeverReturnsIsStuck(String port, String thread) {
    // Given
    try (var world = new World(Scenario.NO_TRAFFIC)) {
      var from = world.now().plusSeconds(15);
      var hanging = new Hanging(world, port, thread, from);
      world.network.on(hanging::strike);
      world.redefine(text -> text.replace("\"40s\"", "\"30m\"")); // Its end would interrupt it.

      // When
      world.startDaemon("first");
      world.runUntil(Duration.ofHours(1), () -> !world.stuck().isEmpty());

      // Then
      var stuck = world.stuck().getFirst();
      assertEquals(thread, stuck.thread());
      assertTrue(!stuck.since().isAfter(hanging.since), stuck.since() + " " + hanging.since);
      var found = Duration.between(stuck.since(), world.now());
      assertTrue(found.compareTo(LATEST) <= 0, "found after " + found);
      assertTrue(stuck.inWords().contains("io.canaryrun.operator."), stuck.inWords());
    }
  }

  /** One call on one thread that is never answered. */
  private static final class Hanging {
    private final World world;
    private final String port;
    private final String thread;
    private final Instant from;
    private Instant since = Instant.MAX;

    Hanging(World world, String port, String thread, Instant from) {
      this.world = world;
      this.port = port;
      this.thread = thread;
      this.from = from;
    }

    void strike(Network.Call call, Side side, Machine machine) {
      if (side == Side.AFTER && call.port().equals(port) && isTheOne()) {
        since = world.now();
        world.time.pause(FOR_EVER);
      }
    }

    private boolean isTheOne() {
      return since.equals(Instant.MAX)
          && !(isRepeated() && world.now().isBefore(from))
          && world.time.current().toString().equals("first/" + thread);
    }

    private boolean isRepeated() {
      return !port.equals("Leases.open") && !port.equals("RunStore.claim");
    }
  }

  @Test
  void outagesOfAnyLengthAreNoReasonToRestart() {
    // Given
    try (var world = new World(Scenario.NO_TRAFFIC)) {
      var daemon = world.startDaemon("first");
      world.runUntil(Duration.ofMinutes(1), () -> isObserving(world));

      // When
      world.consul.goDown();
      world.nomad.goDown();
      world.settle(A_LONG_TIME);

      // Then
      assertEquals(List.of(), world.stuck());
      assertTrue(age(world, daemon).compareTo(Watchdog.PATIENCE) > 0);
      world.operator(daemon).vitals().signs().forEach(it -> assertGetsOn(world, it.lastPass()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RunStore.commands", "Cluster.allocations", "RunStore.write"})
  void errorOfTheProgramInAPassIsAnsweredWithALaterPass(String port) {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      var end = world.now().plusSeconds(40);
      world.network.on(
          (call, side, _) -> {
            if (side == Side.AFTER
                && call.port().equals(port)
                && isOfTheRun(world)
                && world.now().isBefore(end)) {
              throw new IllegalStateException("planted");
            }
          });

      // When
      world.startDaemon("first");
      world.settle(Duration.ofSeconds(40));

      // Then
      assertTrue(!world.hasEnded());
      assertTrue(world.runUntil(Duration.ofMinutes(2), world::hasEnded));
      var calls = world.network.calls().stream().map(Network.Call::port).toList();
      assertEquals(1, Collections.frequency(calls, "RunStore.claim"));
      assertTrue(Collections.frequency(calls, port) < 200, port);
    }
  }

  private static boolean isOfTheRun(World world) {
    return world.time.current().toString().equals("first/run-api");
  }

  @Test
  void countersAreReadOnAfterAnErrorOfTheProgram() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      var daemon = world.startDaemon("first");
      world.runUntil(Duration.ofMinutes(1), () -> isObserving(world));
      var end = world.now().plusSeconds(3);
      world.network.on(
          (call, side, _) -> {
            var thread = world.time.current().toString();
            if (side == Side.BEFORE
                && call.port().equals("CounterSource.read")
                && thread.equals("first/counters-api")
                && world.now().isBefore(end)) {
              throw new IllegalStateException("planted");
            }
          });

      // When
      world.settle(Duration.ofSeconds(3));

      // Then
      assertTrue(world.runUntil(Duration.ofMinutes(2), world::hasEnded));
      assertEquals(
          Optional.of(new Phase.Ended(Reason.GOAL_REACHED)), world.status().map(RunStatus::phase));
      world.settle(Duration.ofSeconds(10));
      assertEquals(
          List.of(),
          world.operator(daemon).vitals().signs().stream()
              .filter(sign -> sign.thread().endsWith("-api"))
              .toList());
    }
  }

  @Test
  void consulThatAnswersAgainIsSeen() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      var daemon = world.startDaemon("first");
      world.consul.goDown();
      world.settle(Duration.ofMinutes(5));

      // When
      world.consul.comeBack();
      world.settle(Duration.ofSeconds(10));

      // Then
      assertTrue(age(world, daemon).compareTo(Duration.ofSeconds(6)) < 0);
    }
  }

  @Test
  void processThatStoodStillIsNotStuckWhenItWakes() {
    // Given
    try (var world = new World(Scenario.NO_TRAFFIC)) {
      var daemon = world.startDaemon("first");
      world.runUntil(Duration.ofMinutes(1), () -> isObserving(world));

      // When
      daemon.pauseUntil(world.now().plus(A_LONG_TIME));
      world.settle(A_LONG_TIME.plus(A_LONG_TIME));

      // Then
      assertEquals(List.of(), world.stuck());
    }
  }

  private static Duration age(World world, Machine daemon) {
    return world.operator(daemon).sinceLastLook().orElseThrow();
  }

  private static void assertGetsOn(World world, Instant lastPass) {
    var age = Duration.between(lastPass, world.now());
    assertTrue(age.compareTo(Duration.ofMinutes(2)) < 0, "last pass before " + age);
  }

  private static boolean isObserving(World world) {
    return world
        .status()
        .filter(status -> status.phase() instanceof Phase.ObservingCounters)
        .isPresent();
  }
}
