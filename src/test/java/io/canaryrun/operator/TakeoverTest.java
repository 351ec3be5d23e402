package io.canaryrun.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.LocalRun.NotTaken;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TakeoverTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LOCK_DELAY = Duration.ofSeconds(1);
  private static final String HELD =
      "run api is held by host-7: wait for its end (canary wait api), or abort it first";

  private final Surroundings world = new Surroundings();
  private final List<String> notes = new ArrayList<>();
  private final Instant begin = world.time.instant();
  private boolean givenUp;

  @Test
  void takesAtOnceWhatNobodyHolds() throws NotTaken {
    // Given
    world.consul.release("api", holder(TTL));

    // When
    take();

    // Then
    assertEquals(Duration.ZERO, elapsed());
    assertEquals(List.of(), notes);
  }

  @Test
  void waitsUntilTheLockOfADeadHolderCanBeTaken() throws NotTaken {
    // Given
    world.consul.setSessionLateness(TTL); // The latest that Consul may.
    holder(TTL);

    // When
    take();

    // Then
    assertEquals(TTL.multipliedBy(2).plus(LOCK_DELAY), elapsed());
    assertEquals(
        List.of(
            "run api is held by host-7; waiting up to 23 s, after which the lock of a process that"
                + " died is free"),
        notes);
  }

  @Test
  void refusesAsSoonAsTheHolderShowsThatItLives() {
    // Given
    var session = holder(Duration.ofHours(1));

    // When
    var refused =
        assertThrows(
            NotTaken.class,
            () ->
                new Takeover(world.ports(), world.settings(), _ -> progress(session), () -> false)
                    .take("api", this::claim));

    // Then
    assertEquals(HELD, refused.getMessage());
    assertEquals(Operator.CLAIM_AGAIN, elapsed());
  }

  @Test
  void refusesAtLastWhereTheHolderIsSilent() {
    // Given
    holder(Duration.ofHours(1));

    // When
    var refused = assertThrows(NotTaken.class, this::take);

    // Then
    assertEquals(HELD, refused.getMessage());
    assertTrue(elapsed().compareTo(Duration.ofSeconds(24)) < 0, "" + elapsed());
  }

  @Test
  void takesNothingThatNobodyWantsAnyMore() {
    // Given
    givenUp = true;

    // When
    var refused = assertThrows(NotTaken.class, this::take);

    // Then
    assertEquals("run api was not begun", refused.getMessage());
  }

  private void take() throws NotTaken {
    new Takeover(world.ports(), world.settings(), notes::add, () -> givenUp)
        .take("api", this::claim);
  }

  private Optional<StoredStatus> claim(Optional<StoredStatus> seen) {
    var session = world.consul.open("next", Duration.ofHours(1), LOCK_DELAY);
    return world.consul.claim("api", seen, pending("next", session), session);
  }

  private Duration elapsed() {
    return Duration.between(begin, world.time.instant());
  }

  /**
   * @return the session by which somebody holds the run
   */
  private String holder(Duration ttl) {
    var session = world.consul.open("host-7", ttl, LOCK_DELAY);
    world.consul.claim("api", Optional.empty(), pending("host-7", session), session);
    return session;
  }

  private void progress(String session) {
    var status = world.consul.status("api").orElseThrow();
    var next = pending("host-7", session);
    world.consul.write(next, status.modifyIndex(), session, Optional.empty());
  }

  private RunStatus pending(String instance, String session) {
    return RunStatus.pending(
        "api", OptionalLong.of(7), "sha256:7", begin, new Owner(instance, session));
  }
}
