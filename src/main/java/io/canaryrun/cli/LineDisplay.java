package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** For logs: a line per change, and a heartbeat. */
final class LineDisplay implements Display {
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private final PrintWriter out;
  private final Scheduler scheduler;
  private String last = "";
  private Instant lastAt = Instant.MIN;

  LineDisplay(PrintWriter out, Scheduler scheduler) {
    this.out = out;
    this.scheduler = scheduler;
  }

  /** Numbers that grow are no change, but errors are. */
  @Override
  public void show(RunStatus status) {
    var change =
        "%s %s %d"
            .formatted(
                status.phase().word(),
                status.message().replaceAll("[0-9][0-9,.]*", "#"),
                status.ledger().errors());
    print(change, StatusText.line(status));
    if (status.phase().isTerminal()) {
      StatusText.ending(status).forEach(out::println);
      out.flush();
    }
  }

  @Override
  public void note(String text) {
    print(text, text);
  }

  private void print(String change, String text) {
    var now = scheduler.now();
    if (!change.equals(last) || !now.isBefore(lastAt.plus(HEARTBEAT))) {
      out.println(now.truncatedTo(ChronoUnit.SECONDS) + " " + text);
      out.flush();
      last = change;
      lastAt = now;
    }
  }
}
