package io.canaryrun.cli;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.Transition;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredStatus;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a person asks of an active run: written to KV, and followed until it is answered. */
abstract class PersonCommand implements Callable<Integer> {
  /** Who holds a run looks each second, as long as Consul and Nomad answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(200);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "of the run",
      completionCandidates = RunNames.class)
  private String name;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "WHO",
      description = "who asks, for the record (default: the user of this process)")
  private String by = System.getProperty("user.name", "somebody");

  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "which generation is meant (default: the present one)")
  private Optional<Long> generation = Optional.empty();

  @Option(names = "--dry-run", description = "say what would be asked for, and ask for nothing")
  private boolean dryRun;

  private final Instance<RunStore> store;
  private final Scheduler scheduler;
  private final Command.Kind kind;

  PersonCommand(Instance<RunStore> store, Scheduler scheduler, Command.Kind kind) {
    this.store = store;
    this.scheduler = scheduler;
    this.kind = kind;
  }

  @Override
  public Integer call() {
    long meant = generation.orElseGet(() -> RunNumber.present(store.get(), name));
    var before = status();
    refuseEnded(before, meant);
    if (dryRun) {
      tell("%s would be asked for generation %d; %s".formatted(kind.word(), meant, standing()));
      return ExitCode.OK;
    }
    store.get().writeCommand(name, new Command.Asked(kind, 0, meant, by, reason));
    var end = scheduler.now().plus(PATIENCE);
    while (isWaiting() && scheduler.now().isBefore(end)) {
      scheduler.signal().await(PAUSE);
    }
    return isWaiting() ? waiting(meant) : answered(before);
  }

  private Optional<RunStatus> status() {
    return store.get().status(name).flatMap(StoredStatus::status);
  }

  private void refuseEnded(Optional<RunStatus> status, long meant) {
    status
        .filter(now -> now.phase().isTerminal() && now.generation().orElse(0) >= meant)
        .ifPresent(
            now -> {
              throw new UsageError(
                  "run %s has ended, %s: there is nothing to %s"
                      .formatted(name, StatusText.word(now), kind.word()));
            });
  }

  private boolean isWaiting() {
    return store.get().commands(name).stream().anyMatch(it -> it.action().equals(kind.word()));
  }

  private int waiting(long meant) {
    tell("%s is asked for generation %d and waits; %s".formatted(kind.word(), meant, standing()));
    return ExitCode.OK;
  }

  private String standing() {
    return status()
        .map(now -> "the run is %s: %s".formatted(StatusText.word(now), now.message()))
        .orElse("no operator has taken the run up yet");
  }

  /** What happened since. */
  private int answered(Optional<RunStatus> before) {
    var known = before.map(RunStatus::transitions).orElse(List.of());
    var news =
        status().map(RunStatus::transitions).orElse(List.of()).stream()
            .filter(it -> !known.contains(it))
            .toList();
    news.forEach(it -> tell(it.phase() + ": " + it.message()));
    if (news.isEmpty()) {
      tell("it was heeded; " + standing());
    }
    return news.stream().anyMatch(Transition::isRefusal) ? ExitCode.ERROR : ExitCode.OK;
  }

  private void tell(String what) {
    var out = spec.commandLine().getOut();
    out.println("run " + name + ": " + what);
    out.flush();
  }
}
