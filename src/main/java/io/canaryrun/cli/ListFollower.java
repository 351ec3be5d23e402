package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jline.utils.AttributedString;

/** Follows all runs: a table redrawn in place, or else what changes. */
final class ListFollower {
  private final RunStore store;
  private final Scheduler scheduler;
  private final DisplayOptions options;
  private final PrintWriter out;
  private final boolean wide;
  private final Optional<InPlace> place;
  private final Map<String, Display> displays = new HashMap<>();
  private final Set<Ended> ended = new HashSet<>();
  private final Changes notes = new Changes();

  /** A generation whose end is told once. */
  private record Ended(String name, OptionalLong generation) {}

  /**
   * @param wide the table has more columns
   */
  ListFollower(
      RunStore store, Scheduler scheduler, DisplayOptions options, PrintWriter out, boolean wide) {
    this.store = store;
    this.scheduler = scheduler;
    this.options = options;
    this.out = out;
    this.wide = wide;
    this.place = options.inPlace(out);
  }

  /** Until the process ends. */
  void follow() {
    var lookout = new Lookout(store, scheduler, this::note);
    lookout.look(() -> RunList.all(store)).ifPresent(this::begin);
    while (!Thread.currentThread().isInterrupted()) {
      lookout.look(() -> RunList.all(store)).ifPresent(this::show);
      lookout.pause();
    }
  }

  private void note(String text) {
    place.ifPresentOrElse(
        it ->
            notes
                .next(text, scheduler.now())
                .ifPresent(_ -> it.leave(List.of(StatusText.styled(text)))),
        () -> display("").note(text));
  }

  /** For a log, what has ended already is told by the table alone. */
  private void begin(RunList runs) {
    if (place.isEmpty() && !options.isJson()) {
      runs.table(wide, scheduler.now()).forEach(out::println);
      out.flush();
      runs.statuses().forEach(this::isNews);
    }
  }

  private void show(RunList runs) {
    place.ifPresentOrElse(
        it -> draw(it, runs),
        () ->
            runs.statuses().stream()
                .filter(this::isNews)
                .forEach(status -> display(status.name()).show(status)));
  }

  private boolean isNews(RunStatus status) {
    return !status.phase().isTerminal() || ended.add(new Ended(status.name(), status.generation()));
  }

  private Display display(String run) {
    return displays.computeIfAbsent(run, _ -> options.display(out, scheduler));
  }

  private void draw(InPlace on, RunList runs) {
    var size = on.size();
    int room = size.getRows() - 3; // Beside the headings, the last line and the cursor.
    var shown = runs.newest(room);
    var lines = new ArrayList<>(shown.table(wide, scheduler.now()));
    if (shown.rows().size() < runs.rows().size()) {
      lines.add(
          new AttributedString(
              "… and %d more".formatted(runs.rows().size() - shown.rows().size())));
    }
    on.draw(lines, size);
  }
}
