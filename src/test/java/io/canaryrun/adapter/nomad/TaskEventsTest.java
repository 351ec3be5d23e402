package io.canaryrun.adapter.nomad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import io.canaryrun.core.observation.TaskEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskEventsTest {
  private static final String STARTED = event(2, "Started", "Task started by client", "");
  private static final String EXIT_1 = event(3, "Terminated", "Exit Code: 1", "'ExitCode':1,");
  private static final String GIVEN_UP =
      event(4, "Not Restarting", "Exceeded allowed attempts", "'FailsTask':true,");
  private static final String KILLING = event(5, "Killing", "Sent interrupt", "");
  private static final String EXIT_143 =
      event(6, "Terminated", "Exit Code: 143", "'ExitCode':143,");

  /** An allocation whose task exited with 1 and was given up. */
  static AllocationListStub crashed(String id, String node) {
    return stub(
        "'ID':'%s','NodeName':'%s','ClientStatus':'failed','DesiredStatus':'run','TaskStates':{%s}"
            .formatted(id, node, task("web", STARTED, EXIT_1, GIVEN_UP)));
  }

  @Test
  void eventsOfAllTasksInTheOrderOfTime() {
    // Given
    var events =
        TaskEvents.of(
            stub(
                "'TaskStates':{%s,%s}"
                    .formatted(
                        task("web", STARTED, EXIT_1), task("log", event(1, "Received", "", "")))));

    // Then
    assertEquals(
        List.of(
            new TaskEvent(Instant.ofEpochSecond(1), "log", "Received", ""),
            new TaskEvent(Instant.ofEpochSecond(2), "web", "Started", "Task started by client"),
            new TaskEvent(Instant.ofEpochSecond(3), "web", "Terminated", "Exit Code: 1")),
        events.kept());
  }

  @Test
  void whatTheTaskDiedOfIsKeptHoweverItIsClearedAway() {
    // Given
    var later = new String[8];
    for (int i = 0; i < later.length; i++) {
      later[i] = event(10 + i, "Killing", "" + i, "");
    }
    var events = TaskEvents.of(stub("'TaskStates':{%s}".formatted(task("web", all(later)))));

    // Then
    assertEquals(
        List.of("Exit Code: 1", "Exceeded allowed attempts", "5", "6", "7"),
        events.kept().stream().map(TaskEvent::message).toList());
  }

  private static String[] all(String... later) {
    var all = new String[later.length + 3];
    all[0] = STARTED;
    all[1] = EXIT_1;
    all[2] = GIVEN_UP;
    System.arraycopy(later, 0, all, 3, later.length);
    return all;
  }

  @Test
  void lastFailureIsTheProblem() {
    assertEquals(
        Optional.of("task web: Terminated: Exit Code: 1"),
        failure(task("web", STARTED, EXIT_1, event(4, "Restarting", "in 1s", ""))));
    assertEquals(Optional.empty(), failure(task("web", STARTED)));
    var unhealthy = event(5, "Alloc Unhealthy", "Unhealthy because of failed task", "");
    assertEquals(
        Optional.of("task web: Not Restarting: Exceeded allowed attempts"),
        failure(task("web", STARTED, EXIT_1, GIVEN_UP, unhealthy)));
    assertEquals(
        Optional.of("task web: Alloc Unhealthy: Unhealthy because of failed task"),
        failure(task("web", STARTED, unhealthy)));
  }

  @Test
  void taskThatWasToldToStopMayExitAsItLikes() {
    assertEquals(Optional.empty(), failure(task("web", STARTED, KILLING, EXIT_143)));
    assertEquals(
        Optional.of("task web: Terminated: Exit Code: 1"),
        failure(task("web", STARTED, EXIT_1, KILLING, EXIT_143)));
  }

  @Test
  void preemptedAllocationSaysBySomebodyElse() {
    // Given
    var evicted =
        new AllocationState(
            stub(
                "'ClientStatus':'complete','DesiredStatus':'evict','DesiredDescription':'Preempted by alloc ID x','TaskStates':{%s}"
                    .formatted(task("web", STARTED, KILLING, EXIT_143))));

    // Then
    assertEquals(Optional.of("Preempted by alloc ID x"), evicted.problem());
  }

  @Test
  void lostAllocationSaysThatItsNodeIsDown() {
    // Given
    var lost =
        new AllocationState(
            stub(
                "'ClientStatus':'lost','DesiredStatus':'stop','DesiredDescription':'its node is down','TaskStates':{%s}"
                    .formatted(task("web", STARTED))));

    // Then
    assertEquals(Optional.of("its node is down"), lost.problem());
  }

  private static Optional<String> failure(String tasks) {
    return TaskEvents.of(stub("'TaskStates':{%s}".formatted(tasks))).failure();
  }

  private static String task(String name, String... events) {
    return "'%s':{'Events':[%s]}".formatted(name, String.join(",", events));
  }

  private static String event(int second, String type, String message, String more) {
    return "{%s'Time':%d000000000,'Type':'%s','DisplayMessage':'%s'}"
        .formatted(more, second, type, message);
  }

  private static AllocationListStub stub(String fields) {
    try {
      return AllocationListStub.fromJson("{%s}".formatted(fields).replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
