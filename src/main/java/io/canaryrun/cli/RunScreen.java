package io.canaryrun.cli;

import io.canaryrun.cli.Table.Column;
import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.phase.Explanation;
import io.canaryrun.core.phase.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;

/**
 * A run on a terminal, as large as that is: a header, how far it is, and a tree of what it consists
 * of.
 */
final class RunScreen {
  private static final int NARROW = 80;
  private static final int WIDE = 120;
  private static final int MAX_BAR = 30;

  private final RunStatus status;
  private final Progress progress;
  private final Instant now;
  private final Size size;

  RunScreen(RunStatus status, Progress progress, Instant now, Size size) {
    this.status = status;
    this.progress = progress;
    this.now = now;
    this.size = size;
  }

  /** No more than there is room for; each may be longer than a line. */
  List<AttributedString> lines() {
    var lines = new ArrayList<>(header());
    if (status.goal() > 0) {
      lines.add(AttributedString.EMPTY);
      lines.addAll(bar());
    }
    lines.add(AttributedString.EMPTY);
    lines.addAll(tree(rows() - lines.size()));
    return lines.subList(0, Math.min(lines.size(), rows()));
  }

  /** The cursor stands below the last line. */
  private int rows() {
    return Math.max(1, size.getRows() - 1);
  }

  private List<AttributedString> header() {
    var lines = new ArrayList<AttributedString>();
    lines.add(
        field(
            "Run",
            StatusText.styled(status.name() + ", generation " + StatusText.generation(status))));
    lines.add(field("Phase", Symbol.of(status).before(StatusText.word(status))));
    lines.add(field("Message", StatusText.styled(status.message())));
    if (!status.phase().isTerminal()) {
      Explanation.of(status).ifPresent(why -> lines.add(field("Why", StatusText.styled(why))));
    }
    NextCommand.toDecide(status)
        .ifPresent(command -> lines.add(field("Decide", StatusText.styled(command))));
    lines.add(field("Age", StatusText.styled(StatusText.age(StatusText.age(status, now)))));
    status
        .owner()
        .ifPresent(owner -> lines.add(field("Owner", StatusText.styled(owner.instance()))));
    return lines;
  }

  private static AttributedString field(String name, AttributedString value) {
    return AttributedString.join(
        AttributedString.EMPTY, new AttributedString("%-9s ".formatted(name)), value);
  }

  private List<AttributedString> bar() {
    long requests = status.ledger().requests();
    int cells = Math.clamp(size.getColumns() / 4, 5, MAX_BAR);
    int full = (int) Math.min(cells, cells * requests / status.goal());
    var bar = "█".repeat(full) + "░".repeat(cells - full);
    long percent = Math.min(100, 100 * requests / status.goal());
    var numbers =
        List.of(
            "%s %3d %%".formatted(bar, percent),
            String.format(Locale.ROOT, "%,d of %,d requests", requests, status.goal()),
            "confidence " + Explanation.percent(status.confidence()),
            progress.inWords(status));
    return flow(numbers);
  }

  /** As many on a line as there is room for. */
  private List<AttributedString> flow(List<String> parts) {
    var lines = new ArrayList<String>();
    var line = "";
    for (var part : parts) {
      var longer = line.isEmpty() || part.isEmpty() ? line + part : line + "  " + part;
      if (!line.isEmpty() && longer.length() > size.getColumns()) {
        lines.add(line);
        line = part;
      } else {
        line = longer;
      }
    }
    lines.add(line);
    return lines.stream().map(StatusText::styled).toList();
  }

  private List<AttributedString> tree(int room) {
    var table =
        isNarrow()
            ? columns("", "REQ", "ERR", "RST")
            : columns("STATE", "REQUESTS", "ERRORS", "RESTARTS");
    table.row(Symbol.of(status).before(status.name()));
    if (status.goal() > 0) {
      var ledger = status.ledger();
      table.row(
          under("└─ ", Symbol.of(status).before(job())),
          healthy(),
          number(ledger.requests()),
          number(ledger.errors()),
          number(ledger.restarts()));
      allocations(table, room - table.lines().size());
    }
    return table.lines();
  }

  private static Table columns(String state, String requests, String errors, String restarts) {
    return new Table(
        List.of(
            Column.text(""),
            Column.text(state),
            Column.number(requests),
            Column.number(errors),
            Column.number(restarts),
            Column.text("PROBLEM")));
  }

  /** What the canaries are allocations of. */
  private String job() {
    var nomad = status.nomad();
    return nomad
        .canaryJob()
        .map(job -> "job " + job)
        .orElseGet(
            () ->
                "deployment %s of %s"
                    .formatted(
                        nomad
                            .deploymentId()
                            .map(id -> id.substring(0, Math.min(8, id.length())))
                            .orElse("-"),
                        nomad.productionJob().orElse("-")));
  }

  private String healthy() {
    var ledger = status.ledger();
    if (ledger.live().isEmpty()) {
      return "none";
    }
    return ledger.healthy() + "/" + ledger.live().size() + (isNarrow() ? "" : " healthy");
  }

  /** Where there is no room for all, those that most need to be looked at. */
  private void allocations(Table table, int room) {
    var all = List.copyOf(status.ledger().canaries().values());
    boolean fits = all.size() <= room;
    int shown = fits ? all.size() : Math.max(0, room - 1);
    var chosen = fits ? all : Ending.byNeed(status).limit(shown).toList();
    for (int i = 0; i < chosen.size(); i++) {
      allocation(table, chosen.get(i), fits && i == chosen.size() - 1);
    }
    if (!fits) {
      table.row(new AttributedString("   └─ … and %d more".formatted(all.size() - shown)));
    }
  }

  private void allocation(Table table, CanaryTally canary, boolean last) {
    var shown = canary.shown();
    table.row(
        under(last ? "   └─ " : "   ├─ ", Symbol.of(canary).before(name(canary))),
        shown.state(),
        number(canary.totalRequests()),
        number(canary.totalErrors()),
        number(shown.restarts()),
        canary.problem().orElse(""));
  }

  private String name(CanaryTally canary) {
    var id = StatusText.shortId(canary);
    if (isNarrow()) {
      return id;
    }
    var address = canary.shown().address();
    return id
        + " on "
        + canary.shown().node()
        + (size.getColumns() < WIDE || address.isEmpty() ? "" : " at " + address);
  }

  private static AttributedString under(String branch, AttributedString node) {
    return AttributedString.join(AttributedString.EMPTY, new AttributedString(branch), node);
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private boolean isNarrow() {
    return size.getColumns() < NARROW;
  }
}
