package io.canaryrun.cli;

import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells all about one run. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description = "Shows one run with its canaries and what happened to it.")
public final class DescribeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "of the run",
      completionCandidates = RunNames.class)
  private String name;

  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "which one, as canary history lists them (default: the present one)")
  private Optional<Long> generation = Optional.empty();

  private final Instance<RunStore> store;

  DescribeCommand(Instance<RunStore> store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    if (generation.isPresent()) {
      return describePast(generation.get());
    }
    var definition = store.get().definition(name);
    var stored = store.get().status(name);
    if (definition.isEmpty() && stored.isEmpty()) {
      throw new UsageError("there is no run " + name + "; canary get lists all");
    }
    var out = spec.commandLine().getOut();
    out.printf(Description.FIELD, "Run", name);
    out.printf(
        Description.FIELD,
        "Definition",
        definition.map(StoredDefinition::modifyIndex).map(it -> "" + it).orElse("deleted"));
    stored
        .flatMap(StoredStatus::status)
        .ifPresentOrElse(
            status -> new Description(out).print(status, store.get().commands(name)),
            () ->
                out.printf(
                    Description.FIELD,
                    "Status",
                    stored.isEmpty()
                        ? "not taken up yet"
                        : "not readable, somebody wrote over it"));
    out.flush();
    return ExitCode.OK;
  }

  private int describePast(long number) {
    var past =
        Stream.concat(
                store.get().status(name).flatMap(StoredStatus::status).stream(),
                store.get().history(name).stream())
            .filter(status -> status.generation().equals(OptionalLong.of(number)))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageError(
                        "there is no generation %d of run %s; canary history %2$s lists them"
                            .formatted(number, name)));
    var out = spec.commandLine().getOut();
    out.printf(Description.FIELD, "Run", name);
    new Description(out).print(past, List.of());
    out.flush();
    return ExitCode.OK;
  }
}
