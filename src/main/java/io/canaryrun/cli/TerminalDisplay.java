package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;

/** For people: redrawn in place. */
final class TerminalDisplay implements Display {
  private final InPlace place;
  private final Scheduler scheduler;
  private final Progress progress = new Progress();
  private Optional<RunStatus> last = Optional.empty();

  TerminalDisplay(InPlace place, Scheduler scheduler) {
    this.place = place;
    this.scheduler = scheduler;
  }

  @Override
  public synchronized void show(RunStatus status) {
    progress.saw(status);
    last = Optional.of(status);
    var size = place.size();
    var lines = new ArrayList<>(screen(status, size));
    if (status.phase().isTerminal()) {
      lines.add(AttributedString.EMPTY);
      new Ending(status).lines().stream().map(AttributedString::new).forEach(lines::add);
      place.leave(lines);
    } else {
      place.draw(lines, size);
    }
  }

  /** Below the run, until that is shown again. Ctrl-C notes something, too, on its own thread. */
  @Override
  public synchronized void note(String text) {
    var size = place.size();
    var note = StatusText.styled(text).columnSplitLength(size.getColumns());
    var left = Size.of(size.getColumns(), Math.max(1, size.getRows() - note.size()));
    var lines = new ArrayList<AttributedString>();
    last.ifPresent(status -> lines.addAll(screen(status, left)));
    lines.addAll(note);
    place.draw(lines, size);
  }

  private List<AttributedString> screen(RunStatus status, Size size) {
    return new RunScreen(status, progress, scheduler.now(), size).lines();
  }
}
