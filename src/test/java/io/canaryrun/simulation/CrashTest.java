package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.simulation.Network.Call;
import io.canaryrun.simulation.Network.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The daemon stands still and wakes much later, before every single call that it makes, or crashes,
 * on either side of each that changes something and between others; another one is started.
 * Whatever happens, the invariants hold.
 */
@ExtendWith(Silence.class)
class CrashTest {
  private static final AtomicInteger WORLDS = new AtomicInteger();
  private static final AtomicInteger BROKEN = new AtomicInteger();
  private static final long BEGAN = System.nanoTime();

  /** The whole of a run's deadlines, a takeover, and clean-up. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(5);

  /** All of them for the record. */
  private static final int CRASHES_BETWEEN_READS = SimulationRecord.WRITTEN ? 1 : 5;

  /** Longer than a session can live without its owner. */
  private static final Duration STANDSTILL = Duration.ofSeconds(45);

  /** A session that nobody renews has ended, and what it locked is free. */
  private static final Duration AFTERMATH = Duration.ofSeconds(15);

  /** Also the orphan sweep, and the end of what it stops. */
  private static final Duration AFTER_WAKING = Duration.ofSeconds(75);

  static Stream<Scenario> scenarios() {
    return Scenario.ALL.stream();
  }

  /** What happens to the daemon at one call. */
  private enum Fault {
    CRASH,
    STANDSTILL
  }

  @AfterAll
  static void tell() {
    SimulationRecord.worlds(
        CRASHES_BETWEEN_READS == 1
            ? "crash or standstill at every call"
            : "standstill at every call, crash at every effect and some reads",
        WORLDS.get(),
        Duration.ofNanos(System.nanoTime() - BEGAN),
        BROKEN.get());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void invariantsHoldWithoutAnyFault(Scenario scenario) {
    // Given
    try (var world = undisturbed(scenario)) {

      // Then
      assertEquals(List.of(), Invariants.broken(world, scenario));
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void invariantsHoldWhereverTheDaemonCrashes(Scenario scenario) throws Exception {
    assertHoldEverywhere(scenario, Fault.CRASH);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void invariantsHoldWhereverTheDaemonStandsStillAndWakesLater(Scenario scenario) throws Exception {
    assertHoldEverywhere(scenario, Fault.STANDSTILL);
  }

  private static void assertHoldEverywhere(Scenario scenario, Fault fault) throws Exception {
    List<Call> calls;
    try (var world = undisturbed(scenario)) {
      calls = List.copyOf(world.network.calls());
    }
    assertTrue(calls.size() > 50, "too few calls to be a run: " + calls.size());
    var worlds =
        calls.stream()
            .flatMap(
                call ->
                    Stream.of(Side.values())
                        .filter(side -> matters(fault, call, side))
                        .map(side -> world(scenario, fault, call.number(), side)))
            .toList();
    var broken = Worlds.broken(worlds);
    assertEquals(List.of(), broken.subList(0, Math.min(5, broken.size())));
  }

  /**
   * Whom a fault meets after he has read something, it meets before he acts on it. And what was
   * read dies with whoever crashes: what he leaves is the same as right after the last thing he
   * changed, but for the time, so that some of these will do.
   */
  private static boolean matters(Fault fault, Call call, Side side) {
    return call.isEffect()
        || (side == Side.BEFORE
            && (fault == Fault.STANDSTILL || call.number() % CRASHES_BETWEEN_READS == 0));
  }

  private static Callable<List<String>> world(Scenario scenario, Fault fault, int call, Side side) {
    return () -> broken(scenario, fault, call, side);
  }

  private static World undisturbed(Scenario scenario) {
    var world = new World(scenario);
    scenario.plan().accept(world);
    world.startDaemon("first");
    world.runUntil(LONG_ENOUGH, world::hasEnded);
    world.settle(Duration.ofSeconds(2));
    return world;
  }

  /** What breaks where a daemon with a bug stands still before that call, and wakes later. */
  static List<String> standingStill(Scenario scenario, int at, PlantedBug bug) {
    try (var world = new World(scenario, bug::in)) {
      return broken(world, scenario, Fault.STANDSTILL, at, Side.BEFORE);
    }
  }

  private static List<String> broken(Scenario scenario, Fault fault, int at, Side side) {
    WORLDS.incrementAndGet();
    try (var world = new World(scenario)) {
      var broken = broken(world, scenario, fault, at, side);
      BROKEN.addAndGet(broken.isEmpty() ? 0 : 1);
      return broken;
    }
  }

  private static List<String> broken(
      World world, Scenario scenario, Fault fault, int at, Side side) {
    var strikes = new ArrayList<String>();
    world.network.on(
        (call, where, machine) -> {
          if (call.number() == at && where == side && machine.name.equals("first")) {
            strikes.add("%s %s %s".formatted(fault, side, call));
            switch (fault) {
              case CRASH -> machine.crash();
              case STANDSTILL -> machine.pauseUntil(world.now().plus(STANDSTILL));
            }
            world.at(Duration.ofSeconds(1), () -> world.startDaemon("second"));
          }
        });
    scenario.plan().accept(world);
    world.startDaemon("first");
    world.runUntil(LONG_ENOUGH, world::hasEnded);
    world.settle(fault == Fault.STANDSTILL ? STANDSTILL.plus(AFTER_WAKING) : AFTERMATH);
    var broken = Invariants.broken(world, scenario);
    return broken.stream().map(what -> "%s, %s: %s".formatted(scenario, strikes, what)).toList();
  }
}
