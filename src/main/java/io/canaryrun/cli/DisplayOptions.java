package io.canaryrun.cli;

import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The options of commands that show how runs go. */
final class DisplayOptions {
  @Option(
      names = "--json",
      description = "one JSON object per event, for programs; docs/live-view.md lists its fields")
  private boolean json;

  @Option(names = "--no-color", description = "no colours, as with the variable NO_COLOR")
  private boolean colorless;

  boolean isJson() {
    return json;
  }

  /** Another option asked for it. */
  void useJson() {
    json = true;
  }

  /** On a terminal redrawn in place, else line by line. */
  Display display(PrintWriter out, Scheduler scheduler) {
    return inPlace(out)
        .<Display>map(place -> new TerminalDisplay(place, scheduler))
        .orElseGet(() -> lines(out, scheduler));
  }

  /** Line by line, also on a terminal. */
  Display lines(PrintWriter out, Scheduler scheduler) {
    return json ? new JsonDisplay(out, scheduler) : new LineDisplay(out, scheduler);
  }

  /** Empty: there is no terminal to draw on, or it is not wanted. */
  Optional<InPlace> inPlace(PrintWriter out) {
    if (json) {
      return Optional.empty();
    }
    var pen = Pen.of(!colorless && Ansi.AUTO.enabled(), System.out.charset());
    return Terminal.size().map(size -> new InPlace(out, pen, size));
  }
}
