package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.TaskEvent;
import com.hashicorp.nomad.apimodel.TaskState;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** An allocation as a list shows it, together with what never changes about it. */
record AllocationView(AllocationListStub stub, AllocationFacts facts) {
  private static final String RUNNING = "running";

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

  AllocationSeen seen() {
    return new AllocationSeen(
        stub.getId(),
        stub.getNodeName(),
        facts.address(),
        startedAt(),
        !"run".equals(stub.getDesiredStatus()),
        state(),
        tasks().values().stream().mapToInt(AllocationView::restarts).sum(),
        isHealthy(),
        problem());
  }

  private Map<String, TaskState> tasks() {
    return stub.getTaskStates() == null ? Map.of() : stub.getTaskStates();
  }

  /** Nomad writes the year 1 for a task that has not started. */
  private Optional<Instant> startedAt() {
    return facts
        .servingTask()
        .map(tasks()::get)
        .map(TaskState::getStartedAt)
        .map(Date::toInstant)
        .filter(started -> started.isAfter(Instant.EPOCH));
  }

  private State state() {
    for (var state : State.values()) {
      if (state.word().equals(stub.getClientStatus())) {
        return state;
      }
    }
    return State.UNKNOWN;
  }

  private static int restarts(TaskState task) {
    return task.getRestarts() == null ? 0 : task.getRestarts().intValue();
  }

  private boolean isHealthy() {
    var deployment = stub.getDeploymentStatus();
    boolean judged = deployment != null && deployment.getHealthy() != null;
    return RUNNING.equals(stub.getClientStatus())
        && facts.mainTasks().stream().allMatch(this::runs)
        && (judged ? deployment.getHealthy() : !facts.deployed());
  }

  private boolean runs(String task) {
    return tasks().containsKey(task) && RUNNING.equals(tasks().get(task).getState());
  }

  /** One thing that happened to a task. */
  private record Happened(String task, TaskEvent event) {
    String inWords() {
      var message = event.getDisplayMessage();
      return message == null || message.isBlank()
          ? "task %s: %s".formatted(task, event.getType())
          : "task %s: %s: %s".formatted(task, event.getType(), message);
    }

    boolean isFailure() {
      return event.getFailsTask()
          || FAILURES.contains(event.getType())
          || ("Terminated".equals(event.getType()) && !exitedWell());
    }

    private boolean exitedWell() {
      return event.getExitCode() == 0
          && event.getSignal() == 0
          && (event.getMessage() == null || event.getMessage().isBlank());
    }
  }

  /** A task that was told to stop may exit as it likes. */
  private Optional<String> problem() {
    if ("stop".equals(stub.getDesiredStatus()) && state() != State.FAILED) {
      return Optional.empty();
    }
    return tasks().entrySet().stream()
        .flatMap(AllocationView::events)
        .filter(Happened::isFailure)
        .max(Comparator.comparingLong(happened -> happened.event().getTime()))
        .map(Happened::inWords)
        .or(this::clientDescription);
  }

  private static Stream<Happened> events(Map.Entry<String, TaskState> task) {
    return ServingTask.list(task.getValue().getEvents()).stream()
        .map(event -> new Happened(task.getKey(), event));
  }

  private Optional<String> clientDescription() {
    return switch (state()) {
      case FAILED, LOST, UNKNOWN ->
          Optional.ofNullable(stub.getClientDescription()).filter(text -> !text.isBlank());
      case PENDING, RUNNING, COMPLETE -> Optional.empty();
    };
  }
}
