package io.canaryrun.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a run. */
@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description =
        "Follows the present generation of a run to its end; its outcome is the exit code.")
public final class WaitCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      description = "of the run",
      completionCandidates = RunNames.class)
  private String name;

  @Mixin private Waiting waiting;

  @Override
  public Integer call() {
    return waiting.follow(name, RunNumber.present(waiting.store(), name));
  }
}
