package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** For people: redrawn in place. */
final class TerminalDisplay implements Display {
  private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";
  private static final int BAR_CELLS = 30;

  private final PrintWriter out;
  private final Scheduler scheduler;
  private final int columns;
  private int drawn;
  private String lastNote = "";
  private Optional<Progress> first = Optional.empty();

  /**
   * @param columns of the terminal; longer lines are cut, since those that wrap cannot be redrawn
   */
  TerminalDisplay(PrintWriter out, Scheduler scheduler, int columns) {
    this.out = out;
    this.scheduler = scheduler;
    this.columns = columns;
  }

  @Override
  public void show(RunStatus status) {
    var lines = new ArrayList<String>();
    lines.add(StatusText.line(status));
    if (status.phase().isTerminal()) {
      lines.addAll(StatusText.ending(status));
      draw(lines.stream().toList(), Integer.MAX_VALUE);
      drawn = 0;
      return;
    }
    if (status.goal() > 0) {
      lines.add(bar(status));
    }
    status.ledger().canaries().values().stream().map(StatusText::canary).forEach(lines::add);
    draw(lines, columns);
  }

  private String bar(RunStatus status) {
    long requests = status.ledger().requests();
    int full = (int) Math.min(BAR_CELLS, BAR_CELLS * requests / status.goal());
    return "[%s%s] %3d %%%s"
        .formatted(
            "#".repeat(full),
            ".".repeat(BAR_CELLS - full),
            Math.min(100, 100 * requests / status.goal()),
            remaining(status.goal(), requests));
  }

  /** By the rate since the first requests were seen. */
  private String remaining(long goal, long requests) {
    var now = scheduler.now();
    if (first.isEmpty() && requests > 0) {
      first = Optional.of(new Progress(now, requests));
    }
    return first
        .filter(since -> requests > since.requests && requests < goal)
        .map(since -> since.until(now, requests, goal))
        .filter(left -> left.compareTo(Duration.ZERO) > 0)
        .map(left -> ", about %d s left".formatted(left.toSeconds()))
        .orElse("");
  }

  private record Progress(Instant at, long requests) {
    /** How long it takes from now on. */
    Duration until(Instant now, long seen, long goal) {
      return Duration.between(at, now).multipliedBy(goal - seen).dividedBy(seen - requests);
    }
  }

  @Override
  public void note(String text) {
    if (!text.equals(lastNote)) {
      clear();
      out.println(text);
      out.flush();
      lastNote = text;
    }
  }

  private void draw(List<String> lines, int width) {
    clear();
    lines.forEach(line -> out.println(line.length() < width ? line : line.substring(0, width - 1)));
    out.flush();
    drawn = lines.size();
  }

  private void clear() {
    out.print(UP_AND_CLEAR.repeat(drawn));
    drawn = 0;
  }
}
