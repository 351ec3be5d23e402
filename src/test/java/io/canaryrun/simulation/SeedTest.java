package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Worlds that seeds make. One that breaks an invariant is replayed exactly by its seed. */
class SeedTest {

  /** The first seed, and how many. */
  private static final long FIRST = Long.getLong("simulation.seed", 1);

  private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

  /** For how long to go on with as many again, while all is well. */
  private static final Duration SOAK = Duration.ofMinutes(Long.getLong("simulation.minutes", 0));

  @RegisterExtension static final Silence SILENCE = new Silence(SEEDS > 1);

  @Test
  void invariantsHoldInEveryWorld() throws Exception {
    var began = System.nanoTime();
    var next = FIRST;
    List<String> broken;
    do {
      broken = brokenFrom(next);
      next += SEEDS;
      SimulationRecord.worlds(
          "seeds from %d on".formatted(FIRST),
          next - FIRST,
          Duration.ofNanos(System.nanoTime() - began),
          broken.size());
    } while (broken.isEmpty() && System.nanoTime() - began < SOAK.toNanos());
    assertEquals(List.of(), broken.subList(0, Math.min(5, broken.size())));
  }

  private static List<String> brokenFrom(long first) throws InterruptedException {
    return Worlds.broken(
        LongStream.range(first, first + SEEDS)
            .<Callable<List<String>>>mapToObj(seed -> () -> broken(seed))
            .toList());
  }

  private static List<String> broken(long seed) {
    try (var world = new SeededWorld(seed, (_, ports) -> ports)) {
      var broken = world.broken();
      return broken.isEmpty()
          ? List.of()
          : List.of("make simulate SEED=%d%n  %s%n  %s".formatted(seed, broken, world.story()));
    } catch (AssertionError e) {
      return List.of("make simulate SEED=%d%n  %s".formatted(seed, e));
    }
  }
}
