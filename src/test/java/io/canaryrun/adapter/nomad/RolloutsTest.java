package io.canaryrun.adapter.nomad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.Deployment;
import com.hashicorp.nomad.apimodel.Job;
import io.canaryrun.core.observation.Rollout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutsTest {
  private static final AllocationListStub CRASHED = TaskEventsTest.crashed("bbbbbbbb-2", "node-2");

  @Test
  void successfulDeployment() throws IOException {
    assertEquals(new Rollout.Successful(), rollout(deployment("successful", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled"})
  void endOfADeploymentWithoutSuccess(String status) throws IOException {
    var cause = status.equals("failed") ? Rollout.Cause.STOPPED : Rollout.Cause.OVERTAKEN;

    assertEquals(
        new Rollout.Failed("deployment d1: as Nomad puts it", cause),
        rollout(deployment(status, "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Failed due to progress deadline", "Failed due to unhealthy allocations"})
  void deploymentThatNomadGaveUp(String description) throws IOException {
    var deployment = deployment("failed", "");
    deployment.setStatusDescription(description);

    assertEquals(
        new Rollout.Failed("deployment d1: " + description, Rollout.Cause.UNHEALTHY),
        rollout(deployment));
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "pending", "paused", "blocked", "some word of tomorrow"})
  void everythingElseIsUnderWay(String status) throws IOException {
    assertEquals(
        new Rollout.InProgress("3 of 5 healthy: as Nomad puts it"),
        rollout(
            deployment(
                status,
                """
                "a":{"DesiredTotal":4,"HealthyAllocs":2},"b":{"DesiredTotal":1,"HealthyAllocs":1}
                """)));
  }

  @Test
  void healthyCanariesOfItsOwnWaitForPromotion() throws IOException {
    var canary = "\"a\":{\"DesiredTotal\":4,\"DesiredCanaries\":1,\"HealthyAllocs\":%d%s}";

    assertEquals(
        new Rollout.AwaitingPromotion("d1"),
        rollout(deployment("running", canary.formatted(1, ""))));
    for (var notYet :
        List.of(canary.formatted(0, ""), canary.formatted(1, ",\"AutoPromote\":true"))) {
      assertEquals(
          Rollout.AwaitingHealth.class, rollout(deployment("running", notYet)).getClass(), notYet);
    }
    assertEquals(
        Optional.of("d1"), rollout(deployment("paused", canary.formatted(1, ""))).unpromoted());
    assertEquals(
        new Rollout.Promoted("1 of 4 healthy: as Nomad puts it"),
        rollout(deployment("running", canary.formatted(1, ",\"Promoted\":true"))));
  }

  @Test
  void unhealthyAllocationsSayWhatTheyDiedOf() throws IOException {
    // Given
    var healthy =
        AllocationListStub.fromJson("{\"ID\":\"aaaaaaaa-1\",\"ClientStatus\":\"running\"}");
    var deployment = deployment("failed", "");
    deployment.setStatusDescription("Failed due to unhealthy allocations");

    // When
    var rollout = Rollouts.of(deployment, List.of(healthy, CRASHED));

    // Then
    assertEquals(
        new Rollout.Failed(
            "deployment d1: Failed due to unhealthy allocations; bbbbbbbb on node-2 is failed: "
                + "task web: Terminated: Exit Code: 1, "
                + "task web: Not Restarting: Exceeded allowed attempts",
            Rollout.Cause.UNHEALTHY),
        rollout);
  }

  @Test
  void latestDeploymentOfAVersion() throws IOException {
    var first = Deployment.fromJson("{\"ID\":\"a\",\"JobVersion\":3,\"CreateIndex\":10}");
    var again = Deployment.fromJson("{\"ID\":\"b\",\"JobVersion\":3,\"CreateIndex\":12}");
    var other = Deployment.fromJson("{\"ID\":\"c\",\"JobVersion\":4,\"CreateIndex\":14}");

    var latest = Rollouts.latest(List.of(first, again, other), 3);

    assertEquals(Optional.of("b"), latest.map(Deployment::getId));
    assertEquals(Optional.empty(), Rollouts.latest(List.of(other), 3));
  }

  @Test
  void withoutADeploymentTheRunningAllocationsCount() throws IOException {
    var job = Job.fromJson("{\"ID\":\"api\",\"TaskGroups\":[{\"Count\":2},{\"Count\":1},{}]}");

    assertEquals(new Rollout.InProgress("3 of 4 running"), Rollouts.of(job, 3));
    assertEquals(new Rollout.Successful(), Rollouts.of(job, 4));
  }

  private static Rollout rollout(Deployment deployment) {
    return Rollouts.of(deployment, List.of());
  }

  private static Deployment deployment(String status, String groups) throws IOException {
    return Deployment.fromJson(
        """
        {"ID":"d1","Status":"%s","StatusDescription":"as Nomad puts it","TaskGroups":{%s}}
        """
            .formatted(status, groups));
  }
}
