package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a pipeline is told when something but the canary ends its run. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class ExitCodesTest {
  private final Stack stack;

  ExitCodesTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void abortedByAPerson() throws IOException {
    var said = exitsWith(6, "ended-by-a-person", this::abort);

    assertTrue(said.contains("Aborted (AbortedByPerson): aborted by ada: wrong day"), said);
  }

  private void abort(Run run) {
    stack.consul.put(
        "canary/commands/%s/abort".formatted(run.name),
        "{\"generation\":%d,\"by\":\"ada\",\"reason\":\"wrong day\"}".formatted(run.generation()));
  }

  @Test
  void overtakenByANewerDefinition() throws IOException {
    var said =
        exitsWith(
            7,
            "overtaken-in-kv",
            run -> run.put(run.definition(Map.of("RELEASE", "newer"), "\"promote\":\"none\"")));

    assertTrue(said.contains("Aborted (Superseded)"), said);
  }

  @Test
  void overtakenByAChangeOfProduction() throws IOException {
    var said = exitsWith(7, "overtaken-in-nomad", run -> stack.nomad.run(run.hcl(1, "9")));

    assertTrue(said.contains("Aborted (ProductionChanged)"), said);
  }

  /**
   * @return what it printed
   */
  private String exitsWith(int code, String name, Consumer<Run> change) throws IOException {
    // Given
    var run = new Run(stack, name).production(1);
    var file = stack.directory.resolve(name + ".json");
    Files.writeString(file, run.definition(Map.of()));
    var apply =
        CanaryProcess.start(
            stack.directory.resolve(name + ".txt"),
            stack.environment(),
            "apply",
            "-f",
            file.toString(),
            "--wait");
    run.awaitPhase("ObservingCounters");

    // When
    change.accept(run);

    // Then
    assertEquals(code, apply.exitCode(), apply.output());
    run.delete();
    return apply.output();
  }
}
