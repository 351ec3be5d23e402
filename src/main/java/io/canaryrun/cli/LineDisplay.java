package io.canaryrun.cli;

import io.canaryrun.cli.Changes.Event;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** For logs: a line per change, and a heartbeat. */
final class LineDisplay implements Display {
  private final PrintWriter out;
  private final Scheduler scheduler;
  private final Changes changes = new Changes();
  private final Progress progress = new Progress();

  LineDisplay(PrintWriter out, Scheduler scheduler) {
    this.out = out;
    this.scheduler = scheduler;
  }

  @Override
  public synchronized void show(RunStatus status) {
    progress.saw(status);
    var now = scheduler.now();
    changes.next(Changes.of(status), now).ifPresent(event -> print(now, line(status, event)));
    if (status.phase().isTerminal()) {
      new Ending(status).lines().forEach(out::println);
      out.flush();
    }
  }

  private String line(RunStatus status, Event event) {
    var pace = event == Event.HEARTBEAT ? progress.inWords(status) : "";
    return StatusText.line(status) + (pace.isEmpty() ? "" : "; " + pace);
  }

  @Override
  public synchronized void note(String text) {
    var now = scheduler.now();
    changes.next(text, now).ifPresent(_ -> print(now, StatusText.oneLine(text)));
  }

  private void print(Instant now, String text) {
    out.println(now.truncatedTo(ChronoUnit.SECONDS) + " " + text);
    out.flush();
  }
}
