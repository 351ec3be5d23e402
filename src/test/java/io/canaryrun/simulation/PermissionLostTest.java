package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A permission that gets lost in mid-run ends no run: it waits, and its deadlines bound it. */
class PermissionLostTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String MISSING = "the token (fake) has no permission";

  @Test
  void submissionWaitsForThePermission() {
    assertWaits(Scenario.GOOD, Phase.SubmittingJob.class, "register job api-canary");
    assertWaits(Scenario.GOOD.inDeploymentMode(), Phase.SubmittingJob.class, "register job api");
  }

  @Test
  void promotionWaitsForThePermission() {
    assertWaits(Scenario.GOOD, Phase.Promoting.class, "register job api");
    assertWaits(Scenario.GOOD.inDeploymentMode(), Phase.Promoting.class, "promote deployment");
  }

  private static void assertWaits(Scenario scenario, Class<? extends Phase> phase, String request) {
    // Given
    try (var world = new World(scenario)) {
      world.startDaemon("first");
      await(world, phase);
      world.nomad.deny(true);

      // When
      world.settle(Duration.ofSeconds(10));

      // Then
      assertEquals(phase, status(world).phase().getClass(), status(world).message());
      assertTrue(status(world).message().contains(MISSING), status(world).message());
      assertTrue(status(world).message().contains(request), status(world).message());

      // When
      world.nomad.deny(false);

      // Then
      assertTrue(world.runUntil(LONG, world::hasEnded));
      assertEquals(new Phase.Ended(Reason.GOAL_REACHED), status(world).phase());
    }
  }

  /** Production is as it was, so nothing is promoted that is known to be bad by now. */
  @Test
  void errorsThatComeWhileThePromotionWaitsStillWin() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      world.startDaemon("first");
      await(world, Phase.Promoting.class);
      world.nomad.deny(true);
      world.settle(Duration.ofSeconds(5));
      world.readings = read -> read instanceof Counted(var all, _) ? new Counted(all, 1) : read;
      world.settle(Duration.ofSeconds(5));

      // When
      world.nomad.deny(false);

      // Then
      assertTrue(world.runUntil(LONG, world::hasEnded));
      assertEquals(new Phase.Ended(Reason.ERRORS_EXCEEDED), status(world).phase());
      assertFalse(world.nomad.present("api").json().contains("api:42"));
    }
  }

  @Test
  void deadlinesBoundTheWait() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      world.startDaemon("first");
      await(world, Phase.SubmittingJob.class);

      // When
      world.nomad.deny(true);

      // Then
      assertTrue(world.runUntil(LONG, world::hasEnded), status(world).message());
      assertEquals(new Phase.Ended(Reason.DEADLINE_EXCEEDED), status(world).phase());
      assertTrue(status(world).whyEnded().contains(MISSING), status(world).whyEnded());
    }
  }

  /** Nothing was changed, but the canary is there, and may not be stopped. */
  @Test
  void canaryThatMayNotBeStoppedIsNotForgotten() {
    // Given
    try (var world = new World(Scenario.GOOD)) {
      world.startDaemon("first");
      await(world, Phase.ObservingCounters.class);
      world.nomad.deny(true);

      // When
      world.settle(LONG);

      // Then
      assertEquals(
          Optional.of(Reason.PRODUCTION_DEPLOY_FAILED),
          status(world).phase() instanceof Phase.Aborting aborting
              ? Optional.of(aborting.reason())
              : Optional.empty(),
          status(world).message());
      assertTrue(status(world).message().contains(MISSING), status(world).message());

      // When
      world.nomad.deny(false);

      // Then
      assertTrue(world.runUntil(LONG, world::hasEnded));
      assertEquals(new Phase.Ended(Reason.PRODUCTION_DEPLOY_FAILED), status(world).phase());
    }
  }

  private static void await(World world, Class<? extends Phase> phase) {
    assertTrue(
        world.runUntil(
            LONG,
            () -> world.status().map(RunStatus::phase).filter(phase::isInstance).isPresent()));
  }

  private static RunStatus status(World world) {
    return world.status().orElseThrow();
  }
}
