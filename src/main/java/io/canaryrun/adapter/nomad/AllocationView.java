package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.TaskState;
import io.canaryrun.core.observation.AllocationSeen;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;

/** An allocation as a list shows it, together with what never changes about it. */
record AllocationView(AllocationListStub stub, AllocationFacts facts) {
  private static final String RUNNING = "running";

  AllocationSeen seen() {
    var now = new AllocationState(stub);
    return new AllocationSeen(
        stub.getId(),
        stub.getNodeName(),
        facts.address(),
        startedAt(),
        !"run".equals(stub.getDesiredStatus()),
        now.state(),
        tasks().values().stream().mapToInt(AllocationView::restarts).sum(),
        isHealthy(),
        now.problem(),
        now.events());
  }

  /** A canary of a deployment; Nomad calls it so until it is promoted. */
  boolean isUnpromoted() {
    var deployment = stub.getDeploymentStatus();
    return deployment != null && deployment.getCanary();
  }

  private Map<String, TaskState> tasks() {
    return AllocationState.tasks(stub);
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
}
