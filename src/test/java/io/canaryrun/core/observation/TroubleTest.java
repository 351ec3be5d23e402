package io.canaryrun.core.observation;

import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.STARTED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private static final TaskEvent EXITED =
      new TaskEvent(NOW, "server", "Terminated", "Exit Code: 1");

  @Test
  void problemWithWhatHappenedRightBeforeIt() {
    assertEquals(
        "; 0f3c9a1e on node-1 is failed: task server: Started: Task started by client, "
            + "task server: Terminated: Exit Code: 1",
        inWords(Optional.of("task server: Terminated: Exit Code: 1"), STARTED, EXITED));
  }

  @Test
  void problemOfACheckSpeaksForItself() {
    assertEquals(
        "; 0f3c9a1e on node-1 is failed: check http fails: 503",
        inWords(Optional.of("check http fails: 503"), STARTED));
  }

  @Test
  void withoutAProblemTheLastEventSaysHowFarItIs() {
    assertEquals(
        "; 0f3c9a1e on node-1 is failed: task server: Started: Task started by client",
        inWords(Optional.empty(), STARTED));
    assertEquals("; 0f3c9a1e on node-1 is failed", inWords(Optional.empty()));
  }

  @Test
  void namesThreeAndCountsTheRest() {
    // Given
    var one = new Trouble("a", "node-1", "lost", Optional.empty(), List.of());

    // Then
    assertEquals("", Trouble.inWords(List.of()));
    assertEquals(
        "; a on node-1 is lost; a on node-1 is lost; a on node-1 is lost; and 2 more",
        Trouble.inWords(List.of(one, one, one, one, one)));
  }

  private static String inWords(Optional<String> problem, TaskEvent... events) {
    return Trouble.inWords(
        List.of(
            new Trouble(
                "0f3c9a1e-4b7d-4d55-8a53-000000000001",
                "node-1",
                "failed",
                problem,
                List.of(events))));
  }
}
