package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.Deployment;
import com.hashicorp.nomad.apimodel.DeploymentState;
import com.hashicorp.nomad.apimodel.Job;
import io.canaryrun.core.observation.Rollout;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a deployment, or the lack of one, says about a version of a job. */
final class Rollouts {
  private Rollouts() {}

  static Optional<Deployment> latest(List<Deployment> deployments, long version) {
    return deployments.stream()
        .filter(it -> it.getJobVersion() != null && it.getJobVersion().longValue() == version)
        .max(Comparator.comparing(Deployment::getCreateIndex));
  }

  static Rollout of(Deployment deployment) {
    return switch (deployment.getStatus()) {
      case "successful" -> new Rollout.Successful();
      case "failed", "cancelled" ->
          new Rollout.Failed(
              "deployment %s: %s".formatted(deployment.getId(), deployment.getStatusDescription()));
      case "running" ->
          waitsForPromotion(groups(deployment))
              ? new Rollout.AwaitingPromotion(deployment.getId())
              : inProgress(deployment);
      default -> inProgress(deployment); // pending, paused, blocked, initializing, unblocking
    };
  }

  private static Rollout inProgress(Deployment deployment) {
    var groups = groups(deployment);
    return new Rollout.InProgress(
        "%d of %d healthy: %s"
            .formatted(
                groups.stream().mapToInt(DeploymentState::getHealthyAllocs).sum(),
                groups.stream().mapToInt(DeploymentState::getDesiredTotal).sum(),
                deployment.getStatusDescription()));
  }

  private static boolean waitsForPromotion(Collection<DeploymentState> groups) {
    var waiting =
        groups.stream().filter(it -> it.getDesiredCanaries() > 0 && !it.getPromoted()).toList();
    return !waiting.isEmpty()
        && waiting.stream().allMatch(it -> it.getHealthyAllocs() >= it.getDesiredCanaries())
        && waiting.stream().noneMatch(Rollouts::promotesItself);
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
