package io.canaryrun.cli;

import io.canaryrun.Golden;
import io.canaryrun.core.Given;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.spec.Analysis;
import io.canaryrun.fake.ManualScheduler;
import io.canaryrun.fake.ManualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What people see of the same run on a terminal and in a log. */
class DisplayTest {
  private static final Golden GOLDEN = Golden.in("display");
  private static final int COLUMNS = 60;

  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);
  private final ManualTime time = new ManualTime();

  @Test
  void badReleaseInALog() throws IOException {
    assertShows("log.txt", new LineDisplay(out, new ManualScheduler(time)), this::aborted);
  }

  @Test
  void badReleaseOnATerminal() throws IOException {
    assertShows(
        "terminal.txt",
        new TerminalDisplay(out, new ManualScheduler(time), COLUMNS),
        this::aborted);
  }

  @Test
  void goodReleaseInALog() throws IOException {
    assertShows("log-good.txt", new LineDisplay(out, new ManualScheduler(time)), this::promoted);
  }

  private void assertShows(String file, Display display, Function<RunStatus, RunStatus> ending)
      throws IOException {
    display.note("waiting for an agent to take generation 7 up");
    display.note("waiting for an agent to take generation 7 up");
    var status =
        RunStatus.pending(
            "api",
            OptionalLong.of(7),
            "sha256:7",
            time.instant(),
            new Owner("node-1", "session-1"));
    status = status.frozen(status.nomad(), new Analysis(1_000, 0, 1e-4));
    status = moved(status, new Phase.SubmittingJob(time.instant()), "submitting job api-canary");
    display.show(status);
    status =
        moved(
            status,
            new Phase.ObservingCounters(time.instant(), Optional.empty()),
            "2 canaries are healthy");
    display.show(status);
    for (int requests = 0; requests <= 600; requests += 150) {
      time.pass(Duration.ofSeconds(12));
      status = counted(status, Given.counted(requests, 0));
      display.show(status);
    }
    display.show(ending.apply(status));
    GOLDEN.assertMatches(
        file, text.toString().replace("\u001b", "<ESC>").replace(System.lineSeparator(), "\n"));
  }

  private RunStatus aborted(RunStatus status) {
    return moved(
        counted(status, Given.counted(620, 2)),
        new Phase.Ended(Reason.ERRORS_EXCEEDED),
        "620 of 1,000 requests, 2 errors; at most 0 are allowed; the canary is gone");
  }

  private RunStatus promoted(RunStatus status) {
    return moved(
        counted(status, Given.counted(1_010, 0)),
        new Phase.Ended(Reason.GOAL_REACHED),
        "promoted, the canary is gone");
  }

  private RunStatus moved(RunStatus status, Phase to, String why) {
    time.pass(Duration.ofSeconds(1));
    return status.moved(to, why, time.instant());
  }

  private RunStatus counted(RunStatus status, Ledger ledger) {
    return status.refreshed(
        ledger,
        status.nomad(),
        "%,d of 1,000 requests, %d errors, 2 canaries"
            .formatted(ledger.requests(), ledger.errors()),
        time.instant());
  }
}
