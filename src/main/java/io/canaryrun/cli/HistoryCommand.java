package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.RunStore;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what came of a run's generations. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the ended generations of a run, newest first.",
      "canary describe NAME --generation N tells all about one."
    })
public final class HistoryCommand implements Callable<Integer> {
  private static final String ROW = "%-10s  %-20s  %9s  %-34s  %s%n";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "of the run",
      completionCandidates = RunNames.class)
  private String name;

  private final Instance<RunStore> store;

  HistoryCommand(Instance<RunStore> store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    var past = store.get().history(name);
    if (past.isEmpty() && store.get().status(name).isEmpty()) {
      throw new UsageError("there is no run " + name + "; canary get lists all");
    }
    var out = spec.commandLine().getOut();
    out.printf(ROW, "GENERATION", "FINISHED", "TOOK", "OUTCOME", "REQUESTS, ERRORS");
    past.forEach(
        ended ->
            out.printf(
                ROW,
                ended.generation().orElse(0),
                ended.finishedAt().map(HistoryCommand::time).map(Instant::toString).orElse("-"),
                ended.finishedAt().map(at -> took(ended, at)).orElse("-"),
                StatusText.word(ended),
                String.format(
                    Locale.ROOT, "%,d, %,d", ended.ledger().requests(), ended.ledger().errors())));
    out.flush();
    return ExitCode.OK;
  }

  private static Instant time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String took(RunStatus ended, Instant finished) {
    return Duration.between(ended.startedAt(), finished).toSeconds() + " s";
  }
}
