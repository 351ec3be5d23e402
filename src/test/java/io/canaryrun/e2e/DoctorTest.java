package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.agents.LoopbackPorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What is wrong is found, and mended where that is asked for; each in an installation of its own.
 */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class DoctorTest {
  private final Stack stack;

  DoctorTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void allIsWell() {
    // When
    var doctor = doctor("well/", Map.of());

    // Then
    assertEquals(0, doctor.exitCode(), doctor.output());
    assertFalse(doctor.output().contains("warning"), doctor.output());
    assertFalse(doctor.output().contains("problem"), doctor.output());
    assertTrue(doctor.output().contains("at " + stack.consul.address()), doctor.output());
    assertTrue(doctor.output().contains("at " + stack.nomad.address()), doctor.output());
    assertEquals(List.of(), stack.consul.keys("well/"));
    assertEquals("", Http.get(stack.nomad.address() + "/v1/job/canary-doctor"));
  }

  @Test
  void orphanIsFoundAndStopped() {
    // Given
    var run = new Run(stack, "orphaned", "orphaned/");
    registerOrphan(run, "orphaned/");
    run.put(run.definition(Map.of())).delete();
    stack.consul.put("orphaned/history/orphaned/7", "{}");

    // When
    var found = doctor("orphaned/", Map.of());
    var asked = doctor("orphaned/", Map.of(), "--fix");

    // Then
    assertEquals(1, found.exitCode(), found.output());
    assertTrue(
        found.output().contains("canary job orphaned-canary, the canary job of run orphaned"),
        found.output());
    assertEquals(1, asked.exitCode(), asked.output());
    assertTrue(asked.output().contains("would stop job orphaned-canary"), asked.output());
    assertEquals(1, run.running(run.canary()));

    // When
    var fixed = doctor("orphaned/", Map.of(), "--fix", "--yes");

    // Then
    assertTrue(fixed.output().contains("done: stop job orphaned-canary"), fixed.output());
    await("the canary is gone")
        .atMost(Duration.ofSeconds(30))
        .until(() -> run.running(run.canary()) == 0);
    assertEquals(
        "AbortedByPerson",
        stack.nomad.job(run.canary()).path("Meta").path("canary_stop_reason").asText());
    // The history is garbage, which only a person removes; now that the orphan is gone, --fix does.
    var again = doctor("orphaned/", Map.of(), "--fix", "--yes");
    assertTrue(again.output().contains("done: remove all keys of run orphaned"), again.output());
    assertEquals(List.of(), stack.consul.keys("orphaned/"));
    assertEquals(0, doctor("orphaned/", Map.of()).exitCode());
  }

  @Test
  void runThatNobodyCarriesOn() {
    // Given
    var run = new Run(stack, "unheld", "unheld/");
    run.put(run.definition(Map.of()));

    // When
    var doctor = doctor("unheld/", Map.of());

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertTrue(doctor.output().contains("nobody carries on run unheld"), doctor.output());
  }

  @Test
  void consulIsDown() {
    // When
    var nowhere = "127.0.0.1:" + LoopbackPorts.free();
    var doctor = doctor("down/", Map.of("CONSUL_HTTP_ADDR", nowhere));

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertTrue(
        doctor.output().contains("Consul at http://" + nowhere + " (CONSUL_HTTP_ADDR)"),
        doctor.output());
    assertTrue(doctor.output().contains("Nomad: register-job"), doctor.output());
    assertFalse(doctor.output().contains("Consul: "), doctor.output());
  }

  /** As a late submission of a daemon that was thought dead would leave it. */
  private void registerOrphan(Run run, String prefix) {
    var job = (ObjectNode) stack.nomad.parse(run.canaryHcl(1));
    job.putObject("Meta")
        .put("canary_run", run.name)
        .put("canary_generation", "7")
        .put("canary_role", "canary")
        .put("canary_digest", "sha256:7")
        .put("canary_owner", "dc1/" + prefix);
    var body = job.objectNode();
    body.set("Job", job);
    stack.nomad.send("POST", "/v1/jobs", body);
    await("the orphan runs")
        .atMost(Duration.ofSeconds(60))
        .until(() -> run.instances(run.canary()).size() == 1);
  }

  private CanaryProcess doctor(String prefix, Map<String, String> more, String... options) {
    var environment = new HashMap<>(stack.environment(prefix));
    environment.putAll(more);
    return doctor(stack, environment, options);
  }

  /** Once it has ended. */
  static CanaryProcess doctor(Stack stack, Map<String, String> environment, String... options) {
    var arguments = new ArrayList<>(List.of("doctor"));
    arguments.addAll(List.of(options));
    var doctor =
        CanaryProcess.start(
            stack.directory.resolve("doctor-%d.txt".formatted(System.nanoTime())),
            environment,
            arguments.toArray(String[]::new));
    var _ = doctor.exitCode();
    return doctor;
  }
}
