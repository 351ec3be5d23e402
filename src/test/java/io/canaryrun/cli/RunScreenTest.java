package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.Golden;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.fake.ManualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.junit.jupiter.api.Test;

/** What people see of a run in one moment, on terminals of all kinds. */
class RunScreenTest {
  private static final Golden GOLDEN = Golden.in("screens");
  private static final Size USUAL = Size.of(100, 30);
  private static final Pen PLAIN = new Pen(false, true);

  private final ManualTime time = new ManualTime();
  private final Progress progress = new Progress();

  @Test
  void waitingForHealthyCanaries() throws IOException {
    assertShows("waiting.txt", ShownRun.inJob(time).waiting(), USUAL, PLAIN);
  }

  @Test
  void goodSoFar() throws IOException {
    assertShows("good.txt", good(ShownRun.inJob(time)), USUAL, PLAIN);
  }

  @Test
  void badAndBeingCleanedUp() throws IOException {
    assertShows("bad.txt", bad(), USUAL, PLAIN);
  }

  @Test
  void awaitingApproval() throws IOException {
    var run = good(ShownRun.inJob(time)).counted(75_400, 0).awaitingApproval();

    assertShows("awaiting-approval.txt", run, USUAL, PLAIN);
  }

  @Test
  void pausedByAPerson() throws IOException {
    assertShows("paused.txt", good(ShownRun.inJob(time)).paused(), USUAL, PLAIN);
  }

  @Test
  void canariesOfADeployment() throws IOException {
    assertShows("deployment.txt", good(ShownRun.inDeployment(time)), USUAL, PLAIN);
  }

  @Test
  void narrowWindow() throws IOException {
    assertShows("narrow.txt", bad(), Size.of(48, 30), PLAIN);
  }

  @Test
  void wideWindow() throws IOException {
    assertShows("wide.txt", bad(), Size.of(140, 30), PLAIN);
  }

  @Test
  void lowWindowShowsTheCanariesThatNeedToBeLookedAt() throws IOException {
    var run = good(ShownRun.inJob(time)).counted(40, 41_200, 2);

    assertShows("low.txt", run, Size.of(100, 17), PLAIN);
  }

  @Test
  void tinyWindow() throws IOException {
    assertShows("tiny.txt", bad(), Size.of(20, 8), PLAIN);
  }

  @Test
  void inColors() throws IOException {
    assertShows("colored.txt", bad(), USUAL, new Pen(true, true));
  }

  @Test
  void withoutUnicode() throws IOException {
    assertShows("ascii.txt", bad(), USUAL, Pen.of(false, StandardCharsets.US_ASCII));
  }

  @Test
  void everyScreenIsCompared() throws IOException {
    var compared =
        List.of(
            "ascii",
            "awaiting-approval",
            "bad",
            "colored",
            "deployment",
            "good",
            "low",
            "narrow",
            "paused",
            "tiny",
            "waiting",
            "wide");

    assertEquals(compared, GOLDEN.names(".txt"));
  }

  /** Requests come at a steady rate. */
  private ShownRun good(ShownRun run) {
    run.observing();
    for (int i = 1; i <= 4; i++) {
      time.pass(Duration.ofSeconds(10));
      progress.saw(run.counted(10_300L * i, 0).status());
    }
    return run;
  }

  private ShownRun bad() {
    var run = good(ShownRun.inJob(time)).counted(41_207, 2).crashed();
    return run.moved(
        new Phase.Aborting(Reason.ERRORS_EXCEEDED, Optional.empty()),
        run.numbers() + "; at most 0 are allowed");
  }

  private void assertShows(String file, ShownRun run, Size size, Pen pen) throws IOException {
    var text = new StringWriter();
    time.pass(Duration.ofMillis(500));
    var screen = new RunScreen(run.status(), progress, time.instant(), size);
    new InPlace(new PrintWriter(text), pen, () -> size).draw(screen.lines(), size);
    GOLDEN.assertMatches(
        file, text.toString().replaceAll("\u001b\\[[KJ]", "").replace("\u001b", "<ESC>"));
  }
}
