package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Releases under real faults: whatever dies, halts, or is cut off in between, each ends as its
 * counters say, and leaves nothing behind.
 *
 * <p>Setting {@code chaos.seed} repeats a schedule.
 */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
class ChaosTest {
  private static final long SEED_OF_FEW = 1;

  @Test
  void fewRunsEndAsTheyMust() {
    long seed = seed().orElse(SEED_OF_FEW);
    try (var chaos = new Chaos()) {
      chaos.journal.tell("seed " + seed);
      var wave = Schedule.fewRuns(seed);
      chaos.perform(wave);
      assertRight(chaos);
      assertFollowed(wave.daemons(), chaos.journal.takeovers());
    }
  }

  @Test
  @Tag("chaos")
  void thirtyRunsEndAsTheyMust() throws IOException {
    long seed = seed().orElseGet(() -> (long) new Random().nextInt(1_000_000));
    try (var chaos = new Chaos()) {
      chaos.journal.tell("make chaos SEED=" + seed);
      Schedule.thirtyRuns(seed).forEach(chaos::perform);
      new ReliabilityTable(chaos, seed).write();
      assertRight(chaos);
    }
  }

  private static Optional<Long> seed() {
    return Optional.ofNullable(System.getProperty("chaos.seed"))
        .filter(text -> !text.isBlank())
        .map(Long::valueOf);
  }

  /** There was something to take over from each daemon, and somebody did. */
  private static void assertFollowed(List<Fault> daemons, List<Takeover> takeovers) {
    for (var fault : daemons) {
      assertTrue(
          takeovers.stream().anyMatch(it -> it.fault() == fault.kind()),
          "nothing was taken over after " + fault);
    }
  }

  /** A daemon that dies alone is followed in time; no run is lost where something else fails. */
  private static void assertRight(Chaos chaos) {
    var wrong = chaos.journal.endings().stream().filter(it -> !it.isRight()).toList();
    assertEquals(List.of(), wrong, "logs are in " + chaos.stack.directory);
    var late = chaos.journal.takeovers().stream().filter(it -> !it.isInTime()).toList();
    assertEquals(List.of(), late, "logs are in " + chaos.stack.directory);
  }
}
