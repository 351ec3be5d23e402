package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.fake.FakeConsul;
import io.canaryrun.fake.ManualScheduler;
import io.canaryrun.fake.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How a run is followed, in a Consul that tells of a change whenever it is asked. */
class FollowerTest {
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
        new Follower(consul, new ManualScheduler(time), display(), "api", generation, "", false)
            .follow(Optional.of(Duration.ofSeconds(10)), () -> false);

    // Then
    assertEquals(ExitCode.TIMEOUT, code);
    assertTrue(pictures.size() > 10, "only " + pictures);
    for (int i = 1; i < pictures.size(); i++) {
      var pause = Duration.between(pictures.get(i - 1), pictures.get(i));
      assertTrue(pause.compareTo(Duration.ofMillis(200)) >= 0, "after " + pause);
    }
    assertEquals(List.of("--timeout is over, the run goes on: canary wait api"), notes);
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
