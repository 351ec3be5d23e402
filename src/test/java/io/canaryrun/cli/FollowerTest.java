package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.fake.FakeConsul;
import io.canaryrun.fake.ManualScheduler;
import io.canaryrun.fake.ManualTime;
import io.canaryrun.port.PortFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How a run is followed, in a Consul that tells of a change whenever it is asked. */
class FollowerTest {
  /** And a little, for what comes between two looks. */
  private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(63);

  private final ManualTime time = new ManualTime();
  private final FakeConsul consul = new FakeConsul(time);
  private final List<Instant> pictures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  @Test
  void showsARunAtMostFiveTimesASecond() {
    // Given
    long generation = takenUp();

    // When
    int code =
        follower(display(), generation).follow(Optional.of(Duration.ofSeconds(10)), () -> false);

    // Then
    assertEquals(ExitCode.TIMEOUT, code);
    assertTrue(pictures.size() > 10, "only " + pictures);
    for (int i = 1; i < pictures.size(); i++) {
      var pause = Duration.between(pictures.get(i - 1), pictures.get(i));
      assertTrue(pause.compareTo(Duration.ofMillis(200)) >= 0, "after " + pause);
    }
    assertEquals(List.of("--timeout is over, the run goes on: canary wait api"), notes);
  }

  @Test
  void logShowsThatAnOutageIsWaitedForEvenWhenNothingChanges() {
    // Given
    long generation = takenUp();
    var log = new StringWriter();
    var display = new LineDisplay(new PrintWriter(log), new ManualScheduler(time));
    consul.goDown();

    // When
    int code = follower(display, generation).follow(Optional.of(TWO_HEARTBEATS), () -> false);

    // Then
    assertEquals(ExitCode.TIMEOUT, code);
    var waiting = log.toString().lines().filter(line -> line.endsWith("; still waiting")).toList();
    assertEquals(3, waiting.size(), log.toString());
  }

  @Test
  void givesUpAfterALongOutageAndSaysThatTheRunMayGoOn() {
    // Given
    long generation = takenUp();
    consul.goDown();

    // When
    var follower = follower(display(), generation);

    // Then
    assertThrows(
        PortFailure.Unavailable.class, () -> follower.follow(Optional.empty(), () -> false));
    assertEquals(
        List.of(
            "Consul did not answer; still waiting",
            "no answer for ten minutes; runs may go on, canary wait looks at them again"),
        notes.stream().distinct().toList());
  }

  private Follower follower(Display display, long generation) {
    return new Follower(consul, new ManualScheduler(time), display, "api", generation, "", false);
  }

  private long takenUp() {
    var session = consul.open("node-1", Duration.ofSeconds(10), Duration.ofSeconds(1));
    var status =
        RunStatus.pending(
            "api", OptionalLong.empty(), "sha256:7", time.instant(), new Owner("node-1", session));
    var started = consul.start("api", "{}", 0, Optional.empty(), status, session).orElseThrow();
    var index = started.status().modifyIndex();
    var written =
        consul.write(status.numbered(started.generation()), index, session, Optional.empty());
    assertTrue(written.isPresent());
    return started.generation();
  }

  private Display display() {
    return new Display() {
      @Override
      public void show(RunStatus status) {
        pictures.add(time.instant());
      }

      @Override
      public void note(String text) {
        notes.add(text);
      }
    };
  }
}
