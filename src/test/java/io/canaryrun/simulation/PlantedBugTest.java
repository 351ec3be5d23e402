package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.operator.Ports;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds what it is for. */
@ExtendWith(Silence.class)
class PlantedBugTest {
  private static final int MAX_SEEDS = 100;
  private static final int FIRST_CALLS = 250;

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void isFound(PlantedBug bug) {
    var finder = seed(bug).or(() -> call(bug));

    SimulationRecord.bug(bug, finder.orElse("nothing"));
    assertTrue(finder.isPresent());
  }

  /** A world that breaks what the bug breaks, and nothing without the bug. */
  private static Optional<String> seed(PlantedBug bug) {
    return LongStream.rangeClosed(1, MAX_SEEDS)
        .parallel()
        .filter(seed -> broken(seed, bug::in).anyMatch(it -> it.startsWith(bug.breaks)))
        .filter(seed -> broken(seed, (_, ports) -> ports).findAny().isEmpty())
        .mapToObj(seed -> "seed " + seed)
        .findFirst();
  }

  private static Stream<String> broken(long seed, BiFunction<World, Ports, Ports> planted) {
    try (var world = new SeededWorld(seed, planted)) {
      return world.broken().stream();
    }
  }

  /** For what only one moment of a run brings about; {@link CrashTest} holds without the bug. */
  private static Optional<String> call(PlantedBug bug) {
    return Stream.of(Scenario.ABORTED, Scenario.GOOD)
        .flatMap(scenario -> call(bug, scenario))
        .findFirst();
  }

  private static Stream<String> call(PlantedBug bug, Scenario scenario) {
    return IntStream.range(0, FIRST_CALLS)
        .parallel()
        .filter(
            at ->
                CrashTest.standingStill(scenario, at, bug).stream()
                    .anyMatch(it -> it.contains(": " + bug.breaks)))
        .mapToObj(at -> "a standstill before call %d (%s)".formatted(at, scenario));
  }
}
