package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.canaryrun.agents.NomadMachine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Machines under the canaries are drained, die, and are wanted for something more important. */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachinesTest {
  private static final int PLENTY = 2_000;

  private Stack stack;
  private CanaryProcess agent;
  private NomadMachine drained;
  private NomadMachine lost;

  @BeforeAll
  void start() {
    stack = Stack.watchful();
    drained = stack.join("drained", PLENTY);
    lost = stack.join("lost", PLENTY);
    var small = stack.join("small", 200);
    stack.nomad.allowPreemption();
    agent = CanaryProcess.agent(stack.directory.resolve("agent.log"), stack.environment());
    List.of(drained, lost, small).forEach(NomadMachine::awaitReady);
  }

  @AfterAll
  void stop() {
    agent.close();
    stack.close();
  }

  /** Neither failed nor lost: with no restart allowed, the run goes on. */
  @Test
  void canariesOfADrainedMachineMoveAndTheRunGoesOn() {
    // Given
    var job = new Run(stack, "moved");
    job.put(handWritten(job, "drained", 2, 0));
    var deployment = production("moved-in-production");
    deployment.put(newVersion(deployment, "drained"));
    job.awaitPhase("ObservingCounters");
    deployment.awaitPhase("ObservingCounters");
    try (var _ = Traffic.to(job);
        var _ = Traffic.toProduction(deployment)) {
      job.awaitRequests(50);
      deployment.awaitRequests(50);
    }

    // When
    drained.drain();

    // Then
    awaitHealthyOutside("drained", job, 2);
    awaitHealthyOutside("drained", deployment, 2);
    try (var _ = Traffic.to(job);
        var _ = Traffic.toProduction(deployment)) {
      assertMoved(job.awaitEnd(), "drained");
      assertMoved(deployment.awaitEnd(), "drained");
    }
    assertEquals("2", deployment.version(deployment.name));
    job.assertClean();
    deployment.assertUnlocked();
  }

  /**
   * First its Nomad is killed, and the canaries serve on: the runs do not end before their
   * instances have left Consul. Then the rest of the machine dies.
   */
  @Test
  void canariesOfALostMachineAreRestarts() {
    // Given
    var strict = new Run(stack, "strict");
    strict.put(handWritten(strict, "lost", 1, 0));
    var patient = new Run(stack, "patient");
    patient.put(handWritten(patient, "lost", 1, 1));
    var deployment = production("lost-in-production");
    deployment.put(newVersion(deployment, "lost"));
    for (var run : List.of(strict, patient, deployment)) {
      run.awaitPhase("ObservingCounters");
    }
    try (var _ = Traffic.to(patient)) {
      patient.awaitRequests(50);
    }

    // When
    lost.killNomad();
    var waiting = awaitMessage(strict, "still registered in Consul");
    assertEquals("Aborting", waiting.path("phase").asText(), waiting.toString());
    lost.killTheRest();

    // Then
    var end = strict.awaitEnd();
    assertEquals("CanaryRestarted", end.path("reason").asText(), end.toString());
    assertTrue(end.path("message").asText().contains("its node is down"), end.toString());
    assertEquals("CanaryRestarted", deployment.awaitEnd().path("reason").asText());
    awaitHealthyOutside("lost", patient, 1);
    try (var _ = Traffic.to(patient)) {
      assertMoved(patient.awaitEnd(), "lost");
    }
    strict.assertClean();
    patient.assertClean();
    deployment.assertReturned(1);
  }

  /** One has another place to go, the other has none. */
  @Test
  void preemptedCanariesMoveOrAreMissed() {
    // Given
    var moves = new Run(stack, "moves");
    moves.put(handWritten(moves, "small", 1, 0));
    var misses = new Run(stack, "misses");
    misses.put(
        misses.definition(
            "\"promote\":\"none\"",
            canary(misses, 1, on("small")),
            "\"health\":{\"deadline\":\"40s\",\"stableFor\":\"1s\"}"));
    moves.awaitPhase("ObservingCounters");
    misses.awaitPhase("ObservingCounters");

    // When
    stack.nomad.run(important());

    // Then
    awaitHealthyOutside("small", moves, 1);
    try (var _ = Traffic.to(moves)) {
      assertEquals("GoalReached", moves.awaitEnd().path("reason").asText());
    }
    var missed = misses.awaitEnd();
    assertEquals("CanaryUnhealthy", missed.path("reason").asText(), missed.toString());
    assertTrue(missed.path("message").asText().contains("memory exhausted"), missed.toString());
    assertTrue(missed.path("message").asText().contains("Preempted by"), missed.toString());
    moves.assertClean();
    misses.assertClean();
  }

  private String important() {
    var job = new ExampleJob("important", "1", stack.classes);
    return job.hcl(job.worker("work", 1, on("small")))
        .replace("memory = 20", "memory = 180")
        .replace("job \"important\" {", "job \"important\" {\npriority = 100");
  }

  /** On these machines alone, on the last one as long as it takes work. */
  private static String on(String... machines) {
    return """
        constraint {
          attribute = "${node.unique.name}"
          operator  = "set_contains_any"
          value     = "%s"
        }
        affinity {
          attribute = "${node.unique.name}"
          value     = "%s"
        }
        """
        .formatted(String.join(",", machines), machines[machines.length - 1]);
  }

  private static String canary(Run run, int count, String where) {
    var source = Run.source(run.canaryHcl(count, where), Map.of());
    return "\"canary\":{\"count\":%d,\"job\":{%s}}".formatted(count, source);
  }

  private static String handWritten(Run run, String machine, int count, int maxRestarts) {
    return run.definition(
        "\"promote\":\"none\"",
        canary(run, count, on("stays", machine)),
        "\"health\":{\"deadline\":\"60s\",\"stableFor\":\"1s\",\"maxRestarts\":%d}"
            .formatted(maxRestarts));
  }

  private Run production(String name) {
    var run = new Run(stack, name);
    stack.nomad.run(hcl(run, "1", on("stays")));
    return run.awaitInstances(1).awaitDeployed();
  }

  private String hcl(Run run, String version, String where) {
    var job = new ExampleJob(run.name, version, stack.classes);
    return job.hcl(job.group("web", run.name, 1, where));
  }

  private String newVersion(Run run, String machine) {
    return run.definition(
        "\"job\":{%s}".formatted(Run.source(hcl(run, "2", on("stays", machine)), Map.of())),
        "\"canary\":{\"count\":2,\"mode\":\"deployment\"}");
  }

  private static void awaitHealthyOutside(String machine, Run run, int count) {
    await(run.name + " has canaries elsewhere")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> healthyOutside(machine, run.status()) == count);
  }

  private static int healthyOutside(String machine, JsonNode status) {
    int healthy = 0;
    for (var canary : status.path("canaries")) {
      boolean elsewhere = !canary.path("node").asText().equals(machine);
      healthy += elsewhere && canary.path("healthy").asBoolean() ? 1 : 0;
    }
    return healthy;
  }

  private static JsonNode awaitMessage(Run run, String text) {
    return await(run.name + " says " + text)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(run::status, status -> status.path("message").asText().contains(text));
  }

  /** What was counted on the machine before is part of the verdict. */
  private static void assertMoved(JsonNode end, String from) {
    assertEquals("GoalReached", end.path("reason").asText(), end.toString());
    long before = 0;
    for (var canary : end.path("canaries")) {
      before += canary.path("node").asText().equals(from) ? canary.path("requests").asLong() : 0;
    }
    assertTrue(before > 0, end.toString());
    assertTrue(end.at("/totals/requests").asLong() >= 400, end.toString());
  }
}
