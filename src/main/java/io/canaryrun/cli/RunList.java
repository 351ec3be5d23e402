package io.canaryrun.cli;

import io.canaryrun.cli.Table.Column;
import io.canaryrun.codec.StatusCodec;
import io.canaryrun.core.phase.Explanation;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;

/**
 * Runs, for people and for programs.
 *
 * @param rows by the run's name
 */
record RunList(SortedMap<String, Row> rows) {

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("NAME"),
          Column.number("GENERATION"),
          Column.text("PHASE"),
          Column.text("REASON"),
          Column.number("REQUESTS"),
          Column.number("ERRORS"),
          Column.number("AGE"));

  private static final List<Column> WIDE =
      List.of(
          Column.number("HEALTHY"),
          Column.number("CONFIDENCE"),
          Column.text("OWNER"),
          Column.text("MESSAGE"));

  /** A run, as far as there is something to say: one of the two at least. */
  record Row(Optional<StoredDefinition> definition, Optional<RunStatus> status) {
    private static final Comparator<Row> NEWEST_FIRST =
        Comparator.comparing(Row::isEnded).thenComparing(Row::updatedAt, Comparator.reverseOrder());

    private boolean isEnded() {
      return status.filter(it -> it.phase().isTerminal()).isPresent();
    }

    private Instant updatedAt() {
      return status.map(RunStatus::updatedAt).orElse(Instant.MAX);
    }

    private List<String> cells(String run, boolean wide, Instant now) {
      if (status.isEmpty()) {
        var number = definition.map(it -> "" + it.modifyIndex()).orElse("-");
        return List.of(run, number, "-", "not taken up yet", "-", "-", "-");
      }
      var cells = Stream.of(narrow(status.get(), now));
      return (wide ? Stream.concat(cells, Stream.of(more(status.get()))) : cells).toList();
    }

    private static String[] narrow(RunStatus status, Instant now) {
      return new String[] {
        status.name(),
        StatusText.generation(status),
        status.phase().word(),
        status.phase().endReason().map(Reason::word).orElse("-"),
        "%d of %d".formatted(status.ledger().requests(), status.goal()),
        "" + status.ledger().errors(),
        StatusText.age(Duration.between(status.startedAt(), now))
      };
    }

    private static String[] more(RunStatus status) {
      return new String[] {
        "%d/%d".formatted(status.ledger().healthy(), status.ledger().live().size()),
        Explanation.percent(status.confidence()),
        status.owner().map(Owner::instance).orElse("-"),
        status.message()
      };
    }
  }

  static RunList one(RunStore store, String run) {
    var row = new Row(store.definition(run), store.status(run).flatMap(StoredStatus::status));
    if (row.definition().isEmpty() && row.status().isEmpty()) {
      throw new UsageError("there is no run " + run + "; canary get lists all");
    }
    return new RunList(new TreeMap<>(Map.of(run, row)));
  }

  static RunList all(RunStore store) {
    var rows = new TreeMap<String, Row>();
    store
        .definitions()
        .forEach(it -> rows.put(it.name(), new Row(Optional.of(it), Optional.empty())));
    store
        .statuses()
        .forEach(
            it ->
                rows.merge(
                    it.name(),
                    new Row(Optional.empty(), it.status()),
                    (known, found) -> new Row(known.definition(), found.status())));
    return new RunList(rows);
  }

  /** As far as there are any. */
  List<RunStatus> statuses() {
    return rows.values().stream().flatMap(row -> row.status().stream()).toList();
  }

  /**
   * @param wide with who holds a run, and where it stands
   */
  List<AttributedString> table(boolean wide, Instant now) {
    if (rows.isEmpty()) {
      return List.of(new AttributedString("no runs"));
    }
    var table = new Table(wide ? Stream.concat(COLUMNS.stream(), WIDE.stream()).toList() : COLUMNS);
    rows.forEach((run, row) -> table.row(row.cells(run, wide, now)));
    return table.lines();
  }

  /** At most so many: first those that go on, then those that changed last. */
  RunList newest(int atMost) {
    var newest = new TreeMap<String, Row>();
    rows.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Row.NEWEST_FIRST))
        .limit(Math.max(0, atMost))
        .forEach(entry -> newest.put(entry.getKey(), entry.getValue()));
    return new RunList(newest);
  }

  /** The statuses as they are in Consul KV. */
  String json() {
    return statuses().stream().map(StatusCodec::write).collect(Collectors.joining(",\n", "[", "]"));
  }
}
