package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.Golden;
import io.canaryrun.core.Given;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.fake.ManualScheduler;
import io.canaryrun.fake.ManualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/** What people and programs see of the same runs from start to end. */
class DisplayTest {
  private static final Golden GOLDEN = Golden.in("display");
  private static final Duration STEP = Duration.ofSeconds(24);

  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);
  private final ManualTime time = new ManualTime();
  private final ManualScheduler scheduler = new ManualScheduler(time);
  private Size size = Size.of(100, 30);

  @Test
  void goodReleaseInALog() throws IOException {
    showGood(new LineDisplay(out, scheduler));
    GOLDEN.assertMatches("log-good.txt", printed());
  }

  @Test
  void badReleaseInALog() throws IOException {
    showBad(new LineDisplay(out, scheduler));
    GOLDEN.assertMatches("log-bad.txt", printed());
  }

  @Test
  void goodReleaseForPrograms() throws IOException {
    showGood(new JsonDisplay(out, scheduler));
    GOLDEN.assertMatches("events-good.jsonl", printed());
  }

  @Test
  void badReleaseForPrograms() throws IOException {
    showBad(new JsonDisplay(out, scheduler));
    GOLDEN.assertMatches("events-bad.jsonl", printed());
  }

  @Test
  void goodReleaseOnATerminal() throws IOException {
    showGood(new Frames());
    GOLDEN.assertMatches("terminal-good.txt", frames());
  }

  @Test
  void badReleaseOnATerminal() throws IOException {
    showBad(new Frames());
    GOLDEN.assertMatches("terminal-bad.txt", frames());
  }

  @Test
  void heartbeatComesAfterThirtySecondsWithoutAChange() {
    // Given
    var display = new LineDisplay(out, scheduler);
    var run = ShownRun.inJob(time).submitting().waiting().counted(0, 0).observing();
    display.show(run.status());

    // When
    time.pass(Duration.ofSeconds(29));
    display.show(run.status());

    // Then
    assertEquals(1, printed().lines().count(), printed());
    time.pass(Duration.ofSeconds(1));
    display.show(run.status());
    assertEquals(2, printed().lines().count(), printed());
  }

  @Test
  void drawsOverWhatWasDrawnUntilTheWindowIsResized() {
    // Given
    var place = new InPlace(out, new Pen(false, true), () -> size);
    place.draw(lines("one", "two"), size);
    size = Size.of(4, 30);

    // When
    place.draw(lines("eins", "zwei, drei"), size);
    place.draw(lines("日本語"), size);
    place.leave(lines("the end"));
    place.leave(lines("and more"));

    // Then
    assertEquals(
        """
        one<K>
        two<K>
        <J><H><2J>eins<K>
        zwe…<K>
        <J>\r<2A>日…<K>
        <J>\r<1A><J>the end
        <J>and more
        """,
        text.toString().replaceAll("\u001b\\[([0-9]*[A-Z])", "<$1>"));
  }

  @Test
  void whatOthersWroteNeitherBreaksNorRecoloursALine() {
    assertEquals("a b [31mc", StatusText.oneLine("a\r\nb\u001b[31mc"));
  }

  private static List<AttributedString> lines(String... lines) {
    return List.of(lines).stream().map(AttributedString::new).toList();
  }

  /** A terminal whose every picture is kept. */
  private final class Frames implements Display {
    private final Display display =
        new TerminalDisplay(new InPlace(out, new Pen(false, true), () -> size), scheduler);

    @Override
    public void show(RunStatus status) {
      begin();
      display.show(status);
    }

    @Override
    public void note(String note) {
      begin();
      display.note(note);
    }

    private void begin() {
      out.println("--- " + time.instant().truncatedTo(ChronoUnit.SECONDS) + " ---");
    }
  }

  private void showGood(Display display) {
    var run = showBeginning(display);
    display.show(run.counted(76_760, 0).moved(promoting(), run.numbers()).status());
    time.pass(Duration.ofSeconds(9));
    display.show(
        run.gone()
            .moved(new Phase.Ended(Reason.GOAL_REACHED), "promoted, the canary is gone")
            .status());
  }

  private static Phase promoting() {
    return new Phase.Promoting(Given.LATER, Reason.GOAL_REACHED, OptionalLong.of(40), false);
  }

  private void showBad(Display display) {
    var run = showBeginning(display);
    run.counted(73_307, 2).crashed();
    var why = run.numbers() + "; at most 0 are allowed";
    display.show(
        run.moved(new Phase.Aborting(Reason.ERRORS_EXCEEDED, Optional.empty()), why).status());
    time.pass(Duration.ofSeconds(6));
    display.show(
        run.gone().moved(new Phase.Ended(Reason.ERRORS_EXCEEDED), "the canary is gone").status());
  }

  /** Up to nearly enough requests. */
  private ShownRun showBeginning(Display display) {
    display.note("waiting for an operator to take generation 7 up");
    time.pass(Duration.ofSeconds(1));
    var run = ShownRun.inJob(time);
    display.show(run.submitting().status());
    time.pass(Duration.ofSeconds(2));
    display.show(run.waiting().status());
    time.pass(Duration.ofSeconds(10));
    display.show(run.counted(0, 0).observing().status());
    for (int i = 1; i <= 3; i++) {
      time.pass(STEP);
      display.show(run.counted(24_240L * i, 0).status());
    }
    time.pass(Duration.ofSeconds(4));
    return run;
  }

  private String printed() {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private String frames() {
    return printed().replaceAll("\r|\u001b\\[[0-9]*[A-Z]", "");
  }
}
