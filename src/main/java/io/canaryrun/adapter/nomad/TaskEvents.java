package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.TaskState;
import io.canaryrun.core.observation.TaskEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What happened to the tasks of an allocation, oldest first. */
record TaskEvents(List<Happened> all) {
  /** What the tasks died of stays among the events that are kept, however they are cleared away. */
  private static final int FAILURES_KEPT = 3;

  private static final Set<String> FAILURES =
      Set.of(
          "Setup Failure",
          "Failed Validation",
          "Failed Artifact Download",
          "Driver Failure",
          "Task hook failed",
          "Not Restarting",
          "Sibling Task Failed",
          "Disk Exceeded");

  /** What Nomad concludes from a failure, or from a check that fails. */
  private static final String UNHEALTHY = "Alloc Unhealthy";

  /** Nomad's words for telling a task to stop. */
  private static final Set<String> STOPS = Set.of("Killing", "Preempted");

  /** One thing that happened to a task, after it was told to stop or before. */
  record Happened(TaskEvent event, boolean afterStop, com.hashicorp.nomad.apimodel.TaskEvent told) {

    /** A task that was told to stop may exit as it likes. */
    boolean isFailure() {
      return !afterStop
          && (told.getFailsTask()
              || FAILURES.contains(told.getType())
              || ("Terminated".equals(told.getType()) && !exitedWell()));
    }

    private boolean exitedWell() {
      return told.getExitCode() == 0
          && told.getSignal() == 0
          && (told.getMessage() == null || told.getMessage().isBlank());
    }
  }

  static TaskEvents of(AllocationListStub stub) {
    var tasks = AllocationState.tasks(stub);
    return new TaskEvents(
        new TreeMap<>(tasks)
            .entrySet().stream()
                .flatMap(TaskEvents::of)
                .sorted(Comparator.comparing(happened -> happened.event().at()))
                .toList());
  }

  private static Stream<Happened> of(Map.Entry<String, TaskState> task) {
    var events = ServingTask.list(task.getValue().getEvents());
    return IntStream.range(0, events.size())
        .mapToObj(
            i ->
                new Happened(
                    event(task.getKey(), events.get(i)),
                    events.subList(0, i).stream().anyMatch(it -> STOPS.contains(it.getType())),
                    events.get(i)));
  }

  private static TaskEvent event(String task, com.hashicorp.nomad.apimodel.TaskEvent event) {
    return new TaskEvent(
        Instant.ofEpochSecond(0, event.getTime()),
        task,
        event.getType(),
        Objects.requireNonNullElse(event.getDisplayMessage(), "").strip());
  }

  /** The newest failures among them, and the newest of all others. */
  List<TaskEvent> kept() {
    var telling = newest(FAILURES_KEPT, all.stream().filter(Happened::isFailure).toList());
    var others =
        newest(
            TaskEvent.MAX_KEPT - telling.size(),
            all.stream().filter(it -> !telling.contains(it)).toList());
    return all.stream()
        .filter(it -> telling.contains(it) || others.contains(it))
        .map(Happened::event)
        .toList();
  }

  private static List<Happened> newest(int atMost, List<Happened> of) {
    return of.subList(Math.max(0, of.size() - atMost), of.size());
  }

  /** The last failure; without one, that Nomad found the allocation not healthy. */
  Optional<String> failure() {
    return last(Happened::isFailure)
        .or(() -> last(happened -> happened.event().type().equals(UNHEALTHY)));
  }

  private Optional<String> last(Predicate<Happened> kind) {
    return all.reversed().stream()
        .filter(kind)
        .map(happened -> happened.event().inWords())
        .findFirst();
  }
}
