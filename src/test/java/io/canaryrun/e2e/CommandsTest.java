package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.agents.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Commands of the packaged program that no other test types. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class CommandsTest {
  private final Stack stack;

  CommandsTest(Stack stack) {
    this.stack = stack;
  }

  private CanaryProcess canary(Map<String, String> variables, String... arguments)
      throws IOException {
    var environment = new HashMap<>(stack.environment());
    environment.putAll(variables);
    var output = Files.createTempFile(stack.directory, "command", ".txt");
    return CanaryProcess.start(output, environment, arguments);
  }

  private String says(int code, String... arguments) throws IOException {
    var canary = canary(Map.of(), arguments);
    assertEquals(code, canary.exitCode(), canary.output());
    return canary.output();
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @Test
  void severalRunsAreFollowedToTheWorstEnd() throws IOException {
    // Given
    var folder = Files.createDirectories(stack.directory.resolve("several"));
    var rejected = new Run(stack, "several-rejected");
    var invalid = new Run(stack, "several-refused");
    Files.writeString(folder.resolve("1.json"), rejected.definition(Map.of()));
    Files.writeString(
        folder.resolve("2.json"),
        invalid.definition(Map.of(), "\"nomad\":{\"namespace\":\"other\"}"));

    // When
    var said = says(1, "apply", "-f", folder.toString(), "--wait");

    // Then
    assertContains("several-rejected Failed (JobRejected)", said);
    assertContains("several-refused Failed (NotAllowed)", said);

    // When
    var again = says(2, "apply", "-f", folder.toString(), "--wait");

    // Then
    assertContains("run several-rejected: this definition was run already", again);
    assertContains("run several-refused: this definition was run already", again);
    assertContains(
        "run several-rejected: would be applied\n",
        says(0, "apply", folder.toString(), "--rerun=1", "--dry-run"));
  }

  @Test
  void wrongTimeoutIsRefusedBeforeAnythingIsWritten() throws IOException {
    // Given
    var run = new Run(stack, "mistimed");
    var file = run.file(run.definition(Map.of()));

    // Then
    assertContains("'45' must be like 90s", says(2, "apply", "-f", file, "--timeout", "45"));
    assertEquals("run mistimed: would be applied\n", says(0, "apply", "-f", file, "--dry-run"));
  }

  @Test
  void timeoutAsksForFollowing() throws IOException {
    // Given
    var run = new Run(stack, "timed");
    var file = run.file(run.definition(Map.of()));

    // Then
    assertContains("timed Failed (JobRejected)", says(1, "apply", "-f", file, "--timeout", "2m"));
    assertContains("-w NAME", says(2, "get", "--timeout", "1m"));
    assertContains("-w NAME", says(2, "get", "-w", "--until", "decision"));
  }

  @Test
  void whatIsDryWritesNothing() throws IOException {
    // Given
    var run = new Run(stack, "dry").observed();
    var file = run.file(run.definition(Map.of("RELEASE", "newer")));
    long generation = run.generation();

    // Then
    assertEquals(
        "run dry: would be applied and supersede its run, which is ObservingCounters\n",
        says(0, "apply", "-f", file, "--wait", "--dry-run"));
    assertEquals(
        "run dry: its definition would be deleted, and its run be aborted, which is"
            + " ObservingCounters\n",
        says(0, "delete", "dry", "--dry-run"));
    assertContains(
        "run dry: abort would be asked for generation %d; the run is ObservingCounters"
            .formatted(generation),
        says(0, "abort", "dry", "--dry-run"));
    assertEquals(generation, run.generation());
    assertEquals("ObservingCounters", run.status().path("phase").asText());
    run.delete();
    run.awaitEnd(generation);
  }

  @Test
  void namesOfRunsAreThereForShells() throws IOException {
    // Given
    new Run(stack, "named").put("{}").awaitEnd();

    // Then
    await("it answers before it gives up, also on a busy machine")
        .atMost(Duration.ofMinutes(1))
        .until(() -> says(0, "run-names").lines().toList().contains("named"));
  }

  @Test
  void shellsHearNothingOfWhatGoesWrong() throws IOException {
    for (var variables :
        List.of(
            Map.of("CONSUL_HTTP_ADDR", "http://127.0.0.1:" + LoopbackPorts.free()),
            Map.of("CONSUL_HTTP_ADDR", "what?"),
            Map.of("CANARY_KV_PREFIX", "no slash"))) {
      var names = canary(variables, "run-names");
      assertEquals(0, names.exitCode(), names.output());
      assertEquals("", names.output());
    }
  }

  @Test
  void errorsNameTheAddressAndNoPlaceInTheProgram() throws IOException {
    // Given
    var address = "http://127.0.0.1:" + LoopbackPorts.free();
    var nowhere = Map.of("CONSUL_HTTP_ADDR", address);

    // When
    var get = canary(nowhere, "get");
    var verbose = canary(nowhere, "get", "--verbose");

    // Then
    assertEquals(1, get.exitCode());
    assertEquals(
        "canary: list keys canary/runs/: Consul at %s (CONSUL_HTTP_ADDR) did not answer:"
                .formatted(address)
            + " Connection refused\n"
            + "canary: canary doctor tries to reach Consul and Nomad, and says what to do\n",
        get.output());
    assertEquals(1, verbose.exitCode());
    assertContains("\tat io.canaryrun.", verbose.output());
  }

  @Test
  void completionIsPrintedByThePackagedProgram() throws IOException {
    var script = says(0, "completion", "bash");
    assertContains("run-names", script);
    assertFalse(script.contains("RUN-NAMES"), script);
    assertContains("__fish_seen_subcommand_from", says(0, "completion", "fish"));
  }

  @Test
  void wrongSettingsAreNamedByTheCommandsThatUseThem() throws IOException {
    // Given
    var wrong = Map.of("CANARY_AGENT_MAX_RUNS", "abc", "CANARY_SESSION_TTL", "1s");

    // When
    var version = canary(wrong, "--version");
    var get = canary(wrong, "get");
    var doctor = canary(wrong, "doctor");
    var agent = canary(onFreePort(wrong), "agent");

    // Then
    assertEquals(0, version.exitCode(), version.output());
    assertEquals(0, get.exitCode(), get.output());
    for (var refused : List.of(doctor, agent)) {
      assertEquals(2, refused.exitCode(), refused.output());
      assertEquals(
          """
          canary: CANARY_SESSION_TTL is '1s'; it must be 10s to 24h
          canary: CANARY_AGENT_MAX_RUNS is 'abc'; it must be a whole number, 1 or more
          """,
          refused.output());
    }
  }

  @Test
  void wrongPrefixOfTheDaemonIsNamedWithAllElseThatIsWrong() throws IOException {
    // When
    var agent =
        canary(
            onFreePort(Map.of("CANARY_KV_PREFIX", "no slash", "CANARY_HISTORY_KEEP", "0")),
            "agent");

    // Then
    assertEquals(2, agent.exitCode(), agent.output());
    assertEquals(
        """
        canary: CANARY_KV_PREFIX is 'no slash'; it must be like canary/ or teams/a/canary/
        canary: CANARY_HISTORY_KEEP is '0'; it must be a whole number, 1 or more
        """,
        agent.output());
  }

  @Test
  void blankSettingsAreNotSet() throws IOException {
    // Given
    var run = new Run(stack, "blank-settings").production(1);
    var file = run.file(run.definition(Map.of("RELEASE", "2")));

    // When
    var plan =
        canary(
            Map.of(
                "CANARY_ALLOW_JOBS",
                "",
                "CANARY_ALLOW_NAMESPACES",
                " ",
                "CANARY_AGENT_MAX_RUNS",
                "",
                "CANARY_SESSION_TTL",
                " "),
            "plan",
            file);

    // Then
    assertEquals(0, plan.exitCode(), plan.output());
  }

  @Test
  void portThatIsTakenIsNamedWithWhatToDo() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Given
      var port = Map.of("QUARKUS_HTTP_PORT", "" + taken.getLocalPort());

      // When
      var agent = canary(port, "agent");
      var help = canary(port, "agent", "--help");
      var version = canary(port, "agent", "-V");

      // Then
      assertEquals(1, agent.exitCode(), agent.output());
      assertEquals(
          "canary: port %d at 127.0.0.1 (QUARKUS_HTTP_PORT) is in use: another canary agent may"
                  .formatted(taken.getLocalPort())
              + " run here; stop it, or set another port\n",
          agent.output());
      assertEquals(0, help.exitCode(), help.output());
      assertContains("Usage: canary agent", help.output());
      assertEquals(0, version.exitCode(), version.output());
    }
  }

  @Test
  void wrongSettingOfQuarkusIsNamedToo() throws IOException {
    // When
    var agent = canary(Map.of("QUARKUS_HTTP_PORT", "abc"), "agent");

    // Then
    assertEquals(2, agent.exitCode(), agent.output());
    assertContains("quarkus.http.port with the config value \"abc\"", agent.output());
  }

  private static Map<String, String> onFreePort(Map<String, String> variables) {
    var all = new HashMap<>(variables);
    all.put("QUARKUS_HTTP_PORT", "" + LoopbackPorts.free());
    return all;
  }
}
