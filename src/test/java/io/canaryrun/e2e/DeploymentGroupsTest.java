package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Mode deployment with several task groups: two with the port, and a worker without one. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class DeploymentGroupsTest {
  private final Stack stack;

  DeploymentGroupsTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void goodReleaseIsPromotedInAllGroups() {
    // Given
    var run = production("good-groups");

    // When
    try (var _ = Traffic.toProduction(run);
        var _ = Traffic.toProduction(new Run(stack, "good-groups-admin"))) {
      run.put(definition(run, "0"));

      // Then
      var end = run.awaitEnd();
      assertEquals("GoalReached", end.path("reason").asText(), end.toString());
      assertEquals(4, end.path("canaries").size(), end.toString());
    }
    await("the old version is gone").until(() -> run.running("good-groups") == 4);
    assertVersion("2", run);
    run.assertUnlocked();
  }

  /** What nobody reads counters of is not rolled out before the verdict either. */
  @Test
  void badReleaseIsTakenBackInAllGroups() {
    // Given
    var run = production("bad-groups");
    var workers = workers(run);

    // When
    run.put(definition(run, "0.05")).awaitPhase("ObservingCounters");
    assertEquals(workers, keptOf(workers, run));
    try (var _ = Traffic.toProduction(run)) {

      // Then
      var end = run.awaitEnd();
      assertEquals("ErrorsExceeded", end.path("reason").asText(), end.toString());
    }
    assertEquals(workers, workers(run));
    assertVersion("1", run);
    run.assertReturned(4, 2);
  }

  private Run production(String name) {
    var run = new Run(stack, name);
    stack.nomad.run(hcl(run));
    new Run(stack, name + "-admin").awaitInstances(1);
    return run.awaitInstances(2).awaitDeployed();
  }

  private String hcl(Run run) {
    var job = new ExampleJob(run.name, "1", stack.classes);
    return job.hcl(
        job.group("web", run.name, 2),
        job.group("admin", run.name + "-admin", 1),
        job.worker("worker", 1));
  }

  private String definition(Run run, String errorRate) {
    var variables = Map.of("version", "2", "error_rate", errorRate);
    return run.definition(
        "\"job\":{%s}".formatted(Run.source(hcl(run), variables)),
        "\"canary\":{\"count\":2,\"mode\":\"deployment\"}");
  }

  /** The IDs of the worker's allocations that run. */
  private Set<String> workers(Run run) {
    var running = new TreeSet<String>();
    for (var allocation : stack.nomad.allocations(run.name)) {
      if (allocation.path("TaskGroup").asText().equals("worker")
          && allocation.path("ClientStatus").asText().equals("running")) {
        running.add(allocation.path("ID").asText());
      }
    }
    return running;
  }

  private Set<String> keptOf(Set<String> before, Run run) {
    var kept = workers(run);
    kept.retainAll(before);
    return kept;
  }

  private void assertVersion(String version, Run run) {
    for (var group : stack.nomad.job(run.name).path("TaskGroups")) {
      assertEquals(version, group.at("/Tasks/0/Env/VERSION").asText(), group.path("Name").asText());
    }
  }
}
