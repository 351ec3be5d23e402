package io.canaryrun.agents;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tests start on this machine does not outlive them. */
@Tag("agents")
class NomadAgentTest {
  /** The tasks register nothing. */
  private static final String NO_CONSUL = "127.0.0.1:1";

  private static final int TASKS = 3;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tasksEndBeforeItDoes(boolean guarded) {
    // Given
    var nomad =
        guarded
            ? NomadAgent.withPermissions(directory, NO_CONSUL)
            : NomadAgent.dev(directory, NO_CONSUL);
    try (nomad) {
      nomad.run(sleepers());
      await("the tasks run")
          .atMost(Duration.ofSeconds(30))
          .until(() -> processes("sleep 600").size() == TASKS);
    }

    // When it is closed

    // Then
    assertEquals(List.of(), processes(""));
  }

  /** They have the directory in their arguments, as Nomad's own helpers beside them have. */
  private String sleepers() {
    return """
    job "sleepers" {
      group "sleepers" {
        count = %d
        task "sleep" {
          driver = "raw_exec"
          config {
            command = "sh"
            args    = ["-c", "sleep 600; true", "%s"]
          }
          resources {
            cpu    = 20
            memory = 16
          }
        }
      }
    }
    """
        .formatted(TASKS, directory);
  }

  private List<String> processes(String containing) {
    return ProcessHandle.allProcesses()
        .flatMap(it -> it.info().commandLine().stream())
        .filter(it -> it.contains(directory.toString()) && it.contains(containing))
        .toList();
  }
}
