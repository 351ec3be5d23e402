package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import jakarta.enterprise.inject.Instance;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
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
  private static final String FIELD = "%-12s %s%n";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME")
  private String name;

  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "an ended generation, as canary history lists them (default: the present one)")
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
    out.printf(FIELD, "Run", name);
    out.printf(
        FIELD,
        "Definition",
        definition.map(StoredDefinition::modifyIndex).map(it -> "" + it).orElse("deleted"));
    stored
        .flatMap(StoredStatus::status)
        .ifPresentOrElse(
            status -> describe(out, status),
            () ->
                out.printf(
                    FIELD,
                    "Status",
                    stored.isEmpty()
                        ? "not taken up yet"
                        : "not readable, somebody wrote over it"));
    out.flush();
    return ExitCode.OK;
  }

  private int describePast(long number) {
    var past =
        store.get().history(name).stream()
            .filter(ended -> ended.generation().equals(OptionalLong.of(number)))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageError(
                        "there is no ended generation %d of run %s; canary history %2$s lists them"
                            .formatted(number, name)));
    var out = spec.commandLine().getOut();
    out.printf(FIELD, "Run", name);
    describe(out, past);
    out.flush();
    return ExitCode.OK;
  }

  private static void describe(PrintWriter out, RunStatus status) {
    out.printf(
        FIELD,
        "Generation",
        status.generation().isPresent() ? "" + status.generation().getAsLong() : "-");
    out.printf(FIELD, "Phase", StatusText.word(status));
    out.printf(FIELD, "Message", status.message());
    out.printf(FIELD, "Started", time(status.startedAt()));
    status.verdictAt().ifPresent(at -> out.printf(FIELD, "Verdict", time(at)));
    status.finishedAt().ifPresent(at -> out.printf(FIELD, "Finished", time(at)));
    status.nomad().canaryJob().ifPresent(job -> out.printf(FIELD, "Canary job", job));
    status.nomad().productionJob().ifPresent(job -> out.printf(FIELD, "Production", job));
    status
        .owner()
        .filter(_ -> !status.phase().isTerminal())
        .ifPresent(owner -> out.printf(FIELD, "Held by", owner.instance()));
    out.printf(FIELD, "Evidence", evidence(status));
    out.println();
    out.println("Canaries");
    status.ledger().canaries().values().stream().map(StatusText::canary).forEach(out::println);
    out.println();
    out.println("What happened");
    status
        .transitions()
        .forEach(it -> out.printf("  %s  %-18s %s%n", time(it.at()), it.phase(), it.message()));
  }

  private static Instant time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String evidence(RunStatus status) {
    long errors = status.ledger().errors();
    return String.format(
        Locale.ROOT,
        "%,d of %,d requests, %,d error%s",
        status.ledger().requests(),
        status.goal(),
        errors,
        errors == 1 ? "" : "s");
  }
}
