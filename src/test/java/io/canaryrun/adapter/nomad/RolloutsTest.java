package io.canaryrun.adapter.nomad;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  @Test
  void successfulDeployment() throws IOException {
    assertEquals(new Rollout.Successful(), Rollouts.of(deployment("successful", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled"})
  void endOfADeploymentWithoutSuccess(String status) throws IOException {
    var cause = status.equals("failed") ? Rollout.Cause.STOPPED : Rollout.Cause.OVERTAKEN;

    assertEquals(
        new Rollout.Failed("deployment d1: as Nomad puts it", cause),
        Rollouts.of(deployment(status, "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Failed due to progress deadline", "Failed due to unhealthy allocations"})
  void deploymentThatNomadGaveUp(String description) throws IOException {
    var deployment = deployment("failed", "");
    deployment.setStatusDescription(description);

    assertEquals(
        new Rollout.Failed("deployment d1: " + description, Rollout.Cause.UNHEALTHY),
        Rollouts.of(deployment));
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "pending", "paused", "blocked", "some word of tomorrow"})
  void everythingElseIsUnderWay(String status) throws IOException {
    assertEquals(
        new Rollout.InProgress("3 of 5 healthy: as Nomad puts it"),
        Rollouts.of(
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
        Rollouts.of(deployment("running", canary.formatted(1, ""))));
    for (var notYet :
        List.of(canary.formatted(0, ""), canary.formatted(1, ",\"AutoPromote\":true"))) {
      assertEquals(
          Rollout.AwaitingHealth.class,
          Rollouts.of(deployment("running", notYet)).getClass(),
          notYet);
    }
    assertEquals(
        Optional.of("d1"), Rollouts.of(deployment("paused", canary.formatted(1, ""))).unpromoted());
    assertEquals(
        new Rollout.Promoted("1 of 4 healthy: as Nomad puts it"),
        Rollouts.of(deployment("running", canary.formatted(1, ",\"Promoted\":true"))));
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

  private static Deployment deployment(String status, String groups) throws IOException {
    return Deployment.fromJson(
        """
        {"ID":"d1","Status":"%s","StatusDescription":"as Nomad puts it","TaskGroups":{%s}}
        """
            .formatted(status, groups));
  }
}
