package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.Deployment;
import com.hashicorp.nomad.apimodel.DeploymentState;
import com.hashicorp.nomad.apimodel.Job;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Trouble;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a deployment, or the lack of one, says about a version of a job. */
final class Rollouts {
  private Rollouts() {}

  static Optional<Deployment> latest(List<Deployment> deployments, long version) {
    return deployments.stream()
        .filter(it -> it.getJobVersion() != null && it.getJobVersion().longValue() == version)
        .max(Comparator.comparing(Deployment::getCreateIndex));
  }

  static boolean hasFailed(Deployment deployment) {
    return deployment.getStatus().equals("failed");
  }

  /**
   * @param allocations of its version
   */
  static Rollout of(Deployment deployment, List<AllocationListStub> allocations) {
    return switch (deployment.getStatus()) {
      case "successful" -> new Rollout.Successful();
      case "failed", "cancelled" -> failed(deployment, allocations);
      // running, pending, paused, blocked, initializing, unblocking
      default -> inProgress(deployment, allocations);
    };
  }

  /** Allocations that somebody's order stopped are none of the reasons. */
  private static Rollout failed(Deployment deployment, List<AllocationListStub> allocations) {
    var cause = cause(deployment);
    var why = "deployment %s: %s".formatted(deployment.getId(), deployment.getStatusDescription());
    return new Rollout.Failed(
        cause == Rollout.Cause.UNHEALTHY ? why + troubles(allocations) : why, cause);
  }

  private static Rollout.Cause cause(Deployment deployment) {
    var description = Objects.requireNonNullElse(deployment.getStatusDescription(), "");
    if (description.startsWith("Failed due to")) {
      return Rollout.Cause.UNHEALTHY;
    }
    return hasFailed(deployment) ? Rollout.Cause.STOPPED : Rollout.Cause.OVERTAKEN;
  }

  private static Rollout inProgress(Deployment deployment, List<AllocationListStub> allocations) {
    var groups = groups(deployment);
    var waiting =
        groups.stream().filter(it -> it.getDesiredCanaries() > 0 && !it.getPromoted()).toList();
    if (waiting.isEmpty()) {
      return groups.stream().anyMatch(it -> it.getDesiredCanaries() > 0)
          ? new Rollout.Promoted(progress(deployment, allocations))
          : new Rollout.InProgress(progress(deployment, allocations));
    }
    return deployment.getStatus().equals("running")
            && waiting.stream().allMatch(it -> it.getHealthyAllocs() >= it.getDesiredCanaries())
            && waiting.stream().noneMatch(Rollouts::promotesItself)
        ? new Rollout.AwaitingPromotion(deployment.getId())
        : new Rollout.AwaitingHealth(deployment.getId(), progress(deployment, allocations));
  }

  private static String progress(Deployment deployment, List<AllocationListStub> allocations) {
    var groups = groups(deployment);
    return "%d of %d healthy: %s"
            .formatted(
                groups.stream().mapToInt(DeploymentState::getHealthyAllocs).sum(),
                groups.stream().mapToInt(DeploymentState::getDesiredTotal).sum(),
                deployment.getStatusDescription())
        + troubles(allocations);
  }

  private static String troubles(List<AllocationListStub> allocations) {
    return Trouble.inWords(
        allocations.stream()
            .flatMap(stub -> new AllocationState(stub).trouble().stream())
            .toList());
  }

  private static boolean promotesItself(DeploymentState group) {
    return ServingTask.unmapped(group, "AutoPromote").filter(Boolean.TRUE::equals).isPresent();
  }

  private static Collection<DeploymentState> groups(Deployment deployment) {
    return deployment.getTaskGroups() == null ? List.of() : deployment.getTaskGroups().values();
  }

  /** For a version that Nomad rolls out without a deployment. */
  static Rollout of(Job job, long running) {
    long wanted =
        ServingTask.list(job.getTaskGroups()).stream()
            .mapToLong(group -> group.getCount() == null ? 1 : group.getCount())
            .sum();
    return running >= wanted
        ? new Rollout.Successful()
        : new Rollout.InProgress("%d of %d running".formatted(running, wanted));
  }
}
