package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.fake.FakeNomad.Registration;
import io.canaryrun.simulation.Network.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs are about one job, and each was ready to be frozen before it could see the other. */
class ClaimsTest {
  /** Each is frozen so many milliseconds later. */
  @ParameterizedTest
  @CsvSource({
    "1000, 1000, GoalReached, JobRejected, 1", // Each sees the other before it submits.
    "1000, 1001, GoalReached, JobRejected, 1",
    "1001, 1000, GoalReached, JobRejected, 1",
    "1000, 8000, GoalReached, JobRejected, 1", // The later one sees the earlier one.
    "2000, 1000, GoalReached, JobRejected, 2", // It sees it before it is promoted.
    "30000, 1000, ProductionChanged, GoalReached, 2" // It finds production changed.
  })
  void oneOfThemIsPromoted(long api, long other, String endOfApi, String endOfOther, int canaries) {
    // Given
    try (var world = new World(Scenario.TWO_RUNS)) {
      var late = Map.of("run-api", api, "run-other", other);
      world.network.on(
          (call, side, machine) -> {
            if (side == Side.BEFORE && call.port().equals("RunStore.freeze")) {
              var thread = world.time.current().toString();
              world.time.pause(Duration.ofMillis(late.get(thread.substring("first/".length()))));
            }
          });

      // When
      Scenario.TWO_RUNS.plan().accept(world);
      world.startDaemon("first");
      var ended = world.runUntil(Duration.ofMinutes(5), world::hasEnded);

      // Then
      assertTrue(ended);
      assertEquals(List.of(endOfApi, endOfOther), List.of(end(world, "api"), end(world, "other")));
      assertEquals(1, registrations(world, "api"));
      assertEquals(
          canaries, registrations(world, "api-canary") + registrations(world, "api-other"));
    }
  }

  private static String end(World world, String run) {
    return world
        .consul
        .presentStatus(run)
        .map(RunStatus::phase)
        .flatMap(Phase::endReason)
        .map(Reason::word)
        .orElse("none");
  }

  private static long registrations(World world, String jobId) {
    return world.nomad.registrations().stream()
        .filter(it -> it.jobId().equals(jobId) && !it.document().json().contains("\"Stop\":true"))
        .filter(it -> !it.who().equals("user"))
        .filter(Registration::accepted)
        .count();
  }
}
