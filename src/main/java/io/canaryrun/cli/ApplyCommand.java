package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes definitions to Consul KV, for an operator to run. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Writes definitions to Consul KV, where an operator takes them up.",
      "An unchanged definition attaches to its active run.",
      "Of several, all are checked before the first is written.",
      "With --wait, several are followed at once, and the worst end is the exit code: the first of"
          + " 1, 2, 3, 6, 7, 4, 5 that came of any."
    })
public final class ApplyCommand implements Callable<Integer> {
  private static final int WRITES = 3;

  @Mixin private DefinitionFiles files;
  @Mixin private Waiting waiting;

  @Option(
      names = "--wait",
      description = "follow exactly this generation to its end; --timeout and --until imply it")
  private boolean wait;

  @Option(
      names = "--rerun",
      arity = "0..1",
      paramLabel = "ID",
      fallbackValue = "",
      description = "run the same content again; the same ID attaches to the run that it started")
  private Optional<String> rerun = Optional.empty();

  @Option(
      names = "--dry-run",
      description = "say what would be written, and write and follow nothing; see also canary plan")
  private boolean dryRun;

  @Override
  public Integer call() {
    var definitions = files.read().stream().map(this::asked).toList();
    refuseEnded(definitions);
    if (dryRun) {
      definitions.forEach(definition -> said(definition.name(), intention(definition)));
      return ExitCode.OK;
    }
    var generations = new LinkedHashMap<String, Long>();
    definitions.forEach(definition -> generations.put(definition.name(), apply(definition)));
    return wait || waiting.isAsked() ? waiting.follow(generations) : ExitCode.OK;
  }

  private Definition asked(Definition written) {
    return rerun
        .map(id -> written.rerun(id.isEmpty() ? UUID.randomUUID().toString() : id))
        .orElse(written);
  }

  /** What applying a definition comes to. */
  private sealed interface Step {
    /** These bytes were run already: Consul's ModifyIndex alone would start nothing. */
    record Ended(RunStatus run) implements Step {}

    record Unchanged(long generation) implements Step {}

    /**
     * @param over the ModifyIndex it replaces, 0: it must not exist
     */
    record Write(long over) implements Step {}
  }

  private Step step(Definition definition) {
    var present = store().definition(definition.name());
    var ended = endedRun(definition);
    if (ended.isPresent()) {
      return new Step.Ended(ended.get());
    }
    return present
        .filter(it -> it.text().equals(definition.text()))
        .<Step>map(it -> new Step.Unchanged(it.modifyIndex()))
        .or(() -> earlierRun(definition).map(Step.Ended::new))
        .orElseGet(() -> new Step.Write(present.map(StoredDefinition::modifyIndex).orElse(0L)));
  }

  private Optional<RunStatus> endedRun(Definition definition) {
    return status(definition)
        .filter(status -> status.phase().isTerminal())
        .filter(status -> isOf(definition, status));
  }

  /** The run that this ID started, before others: a late second try must not overtake them. */
  private Optional<RunStatus> earlierRun(Definition definition) {
    return rerun.isEmpty()
        ? Optional.empty()
        : store().history(definition.name()).stream()
            .filter(past -> isOf(definition, past))
            .findFirst();
  }

  private static boolean isOf(Definition definition, RunStatus status) {
    return status.digest().equals(DefinitionCodec.digest(definition.text()));
  }

  private Optional<RunStatus> status(Definition definition) {
    return store().status(definition.name()).flatMap(StoredStatus::status);
  }

  private RunStore store() {
    return waiting.store();
  }

  /** Whoever names a rerun attaches to what came of it. */
  private void refuseEnded(List<Definition> definitions) {
    if (rerun.isPresent()) {
      return;
    }
    var problems =
        definitions.stream()
            .flatMap(definition -> endedRun(definition).stream())
            .map(
                ended ->
                    ("run %s: this definition was run already and ended %s; canary wait %1$s tells"
                            + " its outcome again, --rerun runs it again")
                        .formatted(ended.name(), StatusText.word(ended)))
            .collect(Collectors.joining(System.lineSeparator()));
    if (!problems.isEmpty()) {
      throw new UsageError(problems);
    }
  }

  private String intention(Definition definition) {
    return switch (step(definition)) {
      case Step.Ended(var run) -> hasEnded(run);
      case Step.Unchanged(var generation) -> unchanged(generation);
      case Step.Write _ ->
          "would be applied"
              + status(definition)
                  .filter(run -> !run.phase().isTerminal())
                  .map(run -> " and supersede its run, which is " + StatusText.word(run))
                  .orElse("");
    };
  }

  /**
   * @return the generation
   */
  private long apply(Definition definition) {
    var name = definition.name();
    for (int i = 0; i < WRITES; i++) {
      switch (step(definition)) {
        case Step.Ended(var run) -> {
          said(name, hasEnded(run));
          return run.generation().orElse(0);
        }
        case Step.Unchanged(var generation) -> {
          said(name, unchanged(generation));
          return generation;
        }
        case Step.Write(var over) -> {
          var index = store().writeDefinition(name, definition.text(), over);
          if (index.isPresent()) {
            said(name, "generation %d applied".formatted(index.getAsLong()));
            return index.getAsLong();
          }
        }
      }
    }
    throw new PortFailure.Rejected(
        "run %s: somebody else goes on writing its definition, try again".formatted(name));
  }

  private static String unchanged(long generation) {
    return "generation %d unchanged".formatted(generation);
  }

  private static String hasEnded(RunStatus run) {
    return "generation %d has ended, %s"
        .formatted(run.generation().orElse(0), StatusText.word(run));
  }

  private void said(String name, String what) {
    waiting.say("run %s: %s".formatted(name, what));
  }
}
