package io.canaryrun.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.fake.ManualScheduler;
import io.canaryrun.fake.ManualTime;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Duration ALMOST = Watchdog.PATIENCE.minusMillis(1);

  private final ManualTime time = new ManualTime();
  private final ManualScheduler scheduler = new ManualScheduler(time);
  private final Vitals vitals = new Vitals(scheduler);
  private final Watchdog watchdog = new Watchdog(vitals, scheduler);

  @Test
  void threadWithoutAStepIsStuckOnceThePatienceIsOver() {
    // Given
    vitals.open("run-api");
    var begun = time.instant();
    var before = checkUntil(begun.plus(ALMOST));

    // When
    var after = checkUntil(begun.plus(Watchdog.PATIENCE));

    // Then
    assertEquals(List.of(), before);
    assertEquals("run-api", after.getFirst().thread());
    assertEquals(begun, after.getFirst().since());
    assertTrue(after.getFirst().inWords().contains("WatchdogTest"), after.getFirst().inWords());
  }

  @Test
  void eachStepOfALongPassBeginsAnew() {
    // Given
    var pulse = vitals.open("operator");
    checkUntil(time.instant().plus(ALMOST));

    // When
    pulse.step();

    // Then
    assertEquals(List.of(), checkUntil(time.instant().plus(ALMOST)));
  }

  @Test
  void nothingIsExpectedOfAThreadThatRests() {
    // Given
    var pulse = vitals.open("sweep");
    var rest = new LongRest();

    // When
    pulse.rest(rest, Duration.ofHours(1));

    // Then
    assertEquals(List.of(), rest.stuckMeanwhile);
    assertEquals(List.of(), checkUntil(time.instant().plus(ALMOST)));
    assertEquals(List.of(new Vitals.Sign("sweep", rest.begun)), vitals.signs());
  }

  private final class LongRest implements Scheduler.Signal {
    private final Instant begun = time.instant();
    private List<Watchdog.Stuck> stuckMeanwhile = List.of();

    @Override
    public void give() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(Duration atMost) {
      stuckMeanwhile = checkUntil(begun.plus(atMost));
      return false;
    }
  }

  @Test
  void threadWhoseWorkIsDoneNeedNotGetOn() {
    // Given
    var pulse = vitals.open("run-api");

    // When
    vitals.close(pulse);

    // Then
    assertEquals(List.of(), checkUntil(time.instant().plus(Duration.ofHours(1))));
  }

  @Test
  void threadThatDiedIsStuckAtOnce() throws InterruptedException {
    // Given
    var thread = Thread.ofVirtual().start(() -> vitals.open("events-default"));
    thread.join();
    var begun = time.instant();

    // When
    var stuck = watchdog.check();

    // Then
    assertEquals(List.of(new Watchdog.Stuck("events-default", begun, List.of())), stuck);
    assertEquals(
        "thread events-default is dead, last seen at " + begun, stuck.getFirst().inWords());
  }

  @Test
  void timeInWhichTheWholeProcessStoodStillDoesNotCount() {
    // Given
    vitals.open("run-api");
    watchdog.check();

    // When
    time.pass(Duration.ofHours(1));
    var awake = watchdog.check();

    // Then
    assertEquals(List.of(), awake);
    assertEquals(List.of(), checkUntil(time.instant().plus(ALMOST)));
    time.pass(Duration.ofMillis(1));
    assertEquals("run-api", watchdog.check().getFirst().thread());
  }

  @Test
  void longestStuckThreadComesFirst() {
    // Given
    vitals.open("second");
    var first = vitals.open("first");
    time.pass(Watchdog.EVERY);
    vitals.close(first);
    vitals.open("third");

    // When
    var stuck = checkUntil(time.instant().plus(Watchdog.PATIENCE));

    // Then
    assertEquals(List.of("second", "third"), stuck.stream().map(it -> it.thread()).toList());
  }

  private List<Watchdog.Stuck> checkUntil(Instant end) {
    while (time.instant().plus(Watchdog.EVERY).isBefore(end)) {
      time.pass(Watchdog.EVERY);
      watchdog.check();
    }
    time.pass(Duration.between(time.instant(), end));
    return watchdog.check();
  }
}
