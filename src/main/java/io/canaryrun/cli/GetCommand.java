package io.canaryrun.cli;

import io.canaryrun.codec.StatusCodec;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.operator.Holdings;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import jakarta.enterprise.inject.Instance;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Lists all runs, or one, or the daemons with the runs that they hold.")
public final class GetCommand implements Callable<Integer> {
  private static final String ROW = "%-24s %10s %-18s %-22s %21s %6s %8s%n";

  /** How to print. */
  enum Output {
    table,
    json
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "of one run",
      completionCandidates = RunNames.class)
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; json of runs is the status as it is in Consul KV")
  private Output output = Output.table;

  @Option(
      names = "--instances",
      description = "who is alive and holds which runs, and which are held by nobody")
  private boolean instances;

  private final Instance<RunStore> store;
  private final Scheduler scheduler;

  GetCommand(Instance<RunStore> store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  /** A run, as far as there is something to say: one of the two at least. */
  private record Row(Optional<StoredDefinition> definition, Optional<RunStatus> status) {}

  @Override
  public Integer call() {
    if (instances) {
      return listInstances();
    }
    var rows = name.map(this::one).orElseGet(this::all);
    var out = spec.commandLine().getOut();
    switch (output) {
      case table -> table(out, rows);
      case json -> json(out, rows);
    }
    out.flush();
    return ExitCode.OK;
  }

  private int listInstances() {
    if (name.isPresent()) {
      throw new UsageError("--instances is about all runs; leave " + name.get() + " out");
    }
    var members = store.get().members();
    var holdings = Holdings.of(members, store.get().definitions(), store.get().statuses());
    var out = spec.commandLine().getOut();
    switch (output) {
      case table -> InstanceList.table(out, holdings, scheduler.now());
      case json -> out.println(InstanceList.json(holdings));
    }
    out.flush();
    return ExitCode.OK;
  }

  private Map<String, Row> one(String run) {
    var row =
        new Row(store.get().definition(run), store.get().status(run).flatMap(StoredStatus::status));
    if (row.definition().isEmpty() && row.status().isEmpty()) {
      throw new UsageError("there is no run " + run + "; canary get lists all");
    }
    return Map.of(run, row);
  }

  private Map<String, Row> all() {
    var rows = new TreeMap<String, Row>();
    store
        .get()
        .definitions()
        .forEach(it -> rows.put(it.name(), new Row(Optional.of(it), Optional.empty())));
    store
        .get()
        .statuses()
        .forEach(
            it ->
                rows.merge(
                    it.name(),
                    new Row(Optional.empty(), it.status()),
                    (known, found) -> new Row(known.definition(), found.status())));
    return rows;
  }

  private void table(PrintWriter out, Map<String, Row> rows) {
    if (rows.isEmpty()) {
      out.println("no runs");
      return;
    }
    out.printf(ROW, "NAME", "GENERATION", "PHASE", "REASON", "REQUESTS", "ERRORS", "AGE");
    rows.forEach(
        (run, row) ->
            row.status()
                .ifPresentOrElse(
                    status -> print(out, status),
                    () ->
                        out.printf(ROW, run, number(row), "-", "not taken up yet", "-", "-", "-")));
  }

  private static String number(Row row) {
    return row.definition().map(it -> "" + it.modifyIndex()).orElse("-");
  }

  private void print(PrintWriter out, RunStatus status) {
    out.printf(
        ROW,
        status.name(),
        status.generation().isPresent() ? "" + status.generation().getAsLong() : "-",
        status.phase().word(),
        status.phase().endReason().map(reason -> reason.word()).orElse("-"),
        "%d of %d".formatted(status.ledger().requests(), status.goal()),
        status.ledger().errors(),
        StatusText.age(Duration.between(status.startedAt(), scheduler.now())));
  }

  private void json(PrintWriter out, Map<String, Row> rows) {
    var texts =
        rows.values().stream()
            .flatMap(row -> row.status().stream())
            .map(StatusCodec::write)
            .toList();
    out.println(name.isPresent() ? single(texts) : list(texts));
  }

  private static String single(List<String> texts) {
    if (texts.isEmpty()) {
      throw new UsageError("the definition is not taken up yet, so there is no status");
    }
    return texts.getFirst();
  }

  private static String list(List<String> texts) {
    return texts.stream().collect(Collectors.joining(",\n", "[", "]"));
  }
}
