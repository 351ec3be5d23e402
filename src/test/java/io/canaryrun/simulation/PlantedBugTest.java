package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds what it is for. */
class PlantedBugTest {
  private static final Logger LOG = Logger.getLogger("io.canaryrun");
  private static final int MAX_SEEDS = 1_000;

  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void tell() {
    LOG.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void isFound(PlantedBug bug) {
    var finder =
        LongStream.rangeClosed(1, MAX_SEEDS).filter(seed -> isFound(bug, seed)).findFirst();

    System.out.printf("planted bug %s: found by seed %s%n", bug, finder);
    assertTrue(finder.isPresent());
  }

  private static boolean isFound(PlantedBug bug, long seed) {
    try (var world = new SeededWorld(seed, bug::in)) {
      return !world.broken().isEmpty();
    } catch (AssertionError broke) {
      return true;
    }
  }
}
