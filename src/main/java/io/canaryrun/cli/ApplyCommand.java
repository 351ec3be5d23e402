package io.canaryrun.cli;

import io.canaryrun.cli.DefinitionFile.Definition;
import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a definition to Consul KV, for an agent to run. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a definition to Consul KV, where an agent takes it up.",
      "An unchanged definition attaches to its active run."
    })
public final class ApplyCommand implements Callable<Integer> {
  private static final int WRITES = 3;

  @Mixin private DefinitionFile file;
  @Mixin private Waiting waiting;

  @Option(names = "--wait", description = "follow exactly this generation to its end")
  private boolean wait;

  @Option(
      names = "--rerun",
      arity = "0..1",
      paramLabel = "ID",
      fallbackValue = "",
      description = "run the same content again; the same ID attaches to the run that it started")
  private Optional<String> rerun = Optional.empty();

  @Override
  public Integer call() {
    var written = file.read();
    var definition =
        rerun
            .map(id -> written.rerun(id.isEmpty() ? UUID.randomUUID().toString() : id))
            .orElse(written);
    long generation = apply(definition);
    return wait || waiting.hasEarlierEnd()
        ? waiting.follow(definition.name(), generation)
        : ExitCode.OK;
  }

  /**
   * @return the generation
   */
  private long apply(Definition definition) {
    var name = definition.name();
    for (int i = 0; i < WRITES; i++) {
      var present = waiting.store().definition(name);
      var ended = endedRun(definition);
      if (ended.isPresent()) {
        return attachToEnded(ended.get());
      }
      if (present.filter(it -> it.text().equals(definition.text())).isPresent()) {
        return said(name, present.get().modifyIndex(), "unchanged");
      }
      var earlier = earlierRun(definition);
      if (earlier.isPresent()) {
        return attachToEnded(earlier.get());
      }
      var over = present.map(StoredDefinition::modifyIndex).orElse(0L);
      var index = waiting.store().writeDefinition(name, definition.text(), over);
      if (index.isPresent()) {
        return said(name, index.getAsLong(), "applied");
      }
    }
    throw new PortFailure.Rejected(
        "run %s: somebody else goes on writing its definition, try again".formatted(name));
  }

  /** These bytes were run already: Consul's ModifyIndex alone would start nothing. */
  private Optional<RunStatus> endedRun(Definition definition) {
    return waiting
        .store()
        .status(definition.name())
        .flatMap(StoredStatus::status)
        .filter(status -> status.phase().isTerminal())
        .filter(status -> isOf(definition, status));
  }

  /** The run that this ID started, before others: a late second try must not overtake them. */
  private Optional<RunStatus> earlierRun(Definition definition) {
    return rerun.isEmpty()
        ? Optional.empty()
        : waiting.store().history(definition.name()).stream()
            .filter(past -> isOf(definition, past))
            .findFirst();
  }

  private static boolean isOf(Definition definition, RunStatus status) {
    return status.digest().equals(DefinitionCodec.digest(definition.text()));
  }

  private long attachToEnded(RunStatus ended) {
    if (rerun.isEmpty()) {
      throw new UsageError(
          ("run %s: this definition was run already and ended %s; canary wait %1$s tells its"
                  + " outcome again, --rerun runs it again")
              .formatted(ended.name(), StatusText.word(ended)));
    }
    return said(ended.name(), ended.generation().orElse(0), "has ended, " + StatusText.word(ended));
  }

  private long said(String name, long generation, String what) {
    waiting.say("run %s: generation %d %s".formatted(name, generation, what));
    return generation;
  }
}
