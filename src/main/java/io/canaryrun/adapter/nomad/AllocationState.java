package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.TaskState;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.observation.Trouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How an allocation is, and what is wrong with it, as a list shows it. */
record AllocationState(AllocationListStub stub, TaskEvents happened) {

  AllocationState(AllocationListStub stub) {
    this(stub, TaskEvents.of(stub));
  }

  /** By name; none while nothing was started. */
  static Map<String, TaskState> tasks(AllocationListStub stub) {
    return stub.getTaskStates() == null ? Map.of() : stub.getTaskStates();
  }

  State state() {
    for (var state : State.values()) {
      if (state.word().equals(stub.getClientStatus())) {
        return state;
      }
    }
    return State.UNKNOWN;
  }

  List<TaskEvent> events() {
    return happened.kept();
  }

  /** A task that was told to stop may exit as it likes. */
  Optional<String> problem() {
    return switch (state()) {
      case LOST, UNKNOWN ->
          text(stub.getDesiredDescription()).or(() -> text(stub.getClientDescription()));
      case FAILED -> happened.failure().or(() -> text(stub.getClientDescription()));
      case PENDING, RUNNING, COMPLETE ->
          switch (stub.getDesiredStatus()) {
            case "stop" -> Optional.empty();
            case "evict" -> text(stub.getDesiredDescription());
            case null, default -> happened.failure();
          };
    };
  }

  private static Optional<String> text(String text) {
    return Optional.ofNullable(text).filter(it -> !it.isBlank());
  }

  /** Empty: nothing is known to be wrong with it. */
  Optional<Trouble> trouble() {
    return isTroubled()
        ? Optional.of(
            new Trouble(
                stub.getId(),
                stub.getNodeName(),
                state().word(),
                happened.failure().or(this::problem),
                events()))
        : Optional.empty();
  }

  private boolean isTroubled() {
    var health = stub.getDeploymentStatus();
    return (health != null && Boolean.FALSE.equals(health.getHealthy())) || problem().isPresent();
  }
}
