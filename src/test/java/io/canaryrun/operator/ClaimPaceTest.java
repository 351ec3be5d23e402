package io.canaryrun.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClaimPaceTest {
  private static final List<Integer> RUNS = IntStream.range(0, 12).boxed().toList();

  private final ClaimPace pace = new ClaimPace(new Random(7));

  @Test
  void whoeverHoldsNothingClaimsAlmostAtOnce() {
    assertTrue(pace.delay(0).compareTo(ClaimPace.JITTER) < 0);
  }

  @Test
  void whoeverHoldsMoreIsSlower() {
    assertTrue(pace.delay(1).compareTo(Duration.ofMillis(40)) >= 0);
    assertTrue(pace.delay(4).compareTo(Duration.ofMillis(100)) >= 0);
    assertTrue(pace.delay(12).compareTo(Duration.ofMillis(150)) >= 0);
  }

  @Test
  void howManyRunsItHoldsDelaysNobodyForLong() {
    var longest = ClaimPace.SLOWEST.plus(ClaimPace.JITTER);
    assertTrue(pace.delay(1_000_000).compareTo(longest) < 0);
  }

  @Test
  void sameSeedIsTheSameOrderAndAnotherSeedAnother() {
    // When
    var order = new ClaimPace(new Random(1)).shuffled(RUNS);

    // Then
    assertEquals(order, new ClaimPace(new Random(1)).shuffled(RUNS));
    assertNotEquals(order, new ClaimPace(new Random(2)).shuffled(RUNS));
    assertEquals(new TreeSet<>(RUNS), new TreeSet<>(order));
  }
}
