package io.canaryrun.core.phase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionTest {
  private static final Transition PENDING = transition("Pending", "taken up");
  private static final Transition SUBMITTING = transition("SubmittingJob", "submitting");
  private static final Transition OBSERVING = transition("ObservingCounters", "healthy");

  private static Transition transition(String phase, String message) {
    return new Transition(phase, Instant.parse("2030-01-01T12:00:00Z"), message);
  }

  private static Transition answer(int number) {
    return transition("SubmittingJob", "paused by ada " + number);
  }

  @Test
  void oldestAnswersToCommandsGoFirst() {
    assertEquals(
        List.of(PENDING, SUBMITTING, answer(3), OBSERVING),
        Transition.newest(
            List.of(PENDING, SUBMITTING, answer(1), answer(2), answer(3), OBSERVING), 4));
  }

  @Test
  void thenTheOldestChangesOfPhase() {
    assertEquals(
        List.of(SUBMITTING, OBSERVING),
        Transition.newest(List.of(PENDING, SUBMITTING, answer(1), OBSERVING), 2));
  }

  @Test
  void fewStayAsTheyAre() {
    var few = List.of(PENDING, SUBMITTING, answer(1));

    assertEquals(few, Transition.newest(few, 3));
  }
}
