package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Worlds that seeds make. One that breaks an invariant is replayed exactly by its seed. */
class SeedTest {

  /** The first seed, and how many. */
  private static final long FIRST = Long.getLong("simulation.seed", 1);

  private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

  @BeforeAll
  static void beQuiet() {
    if (SEEDS > 1) {
      Worlds.silence();
    }
  }

  @AfterAll
  static void tell() {
    Worlds.speak();
  }

  @Test
  void invariantsHoldInEveryWorld() throws Exception {
    var worlds =
        LongStream.range(FIRST, FIRST + SEEDS)
            .<Callable<List<String>>>mapToObj(seed -> () -> broken(seed))
            .toList();
    var began = System.nanoTime();
    var broken = Worlds.broken(worlds);
    var minutes = (System.nanoTime() - began) / 60e9;
    System.out.printf(
        "simulation: %,d seeds, %,.0f worlds per minute, invariants broken in %,d%n",
        SEEDS, SEEDS / minutes, broken.size());
    assertEquals(List.of(), broken.subList(0, Math.min(5, broken.size())));
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
