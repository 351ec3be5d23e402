package io.canaryrun.core.phase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.core.phase.RunStatus.Owner;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunStatusTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final int MOST = RunStatus.MAX_TRANSITIONS;

  @Test
  void oldestTransitionsGoFirst() {
    // Given
    var status =
        RunStatus.pending(
            "api", OptionalLong.of(7), "sha256:x", NOW, new Owner("node-1", "session-1"));

    // When
    for (int i = 1; i <= MOST + 1; i++) {
      status = status.answered(false, "answer " + i, NOW);
    }

    // Then
    assertEquals(
        IntStream.rangeClosed(2, MOST + 1).mapToObj(i -> "answer " + i).toList(),
        status.transitions().stream().map(Transition::message).toList());
  }
}
