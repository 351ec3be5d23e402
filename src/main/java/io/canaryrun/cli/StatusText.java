package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.phase.Explanation;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A status in words. */
final class StatusText {
  private static final int WORST = 3;

  private StatusText() {}

  /** Phase and message. */
  static String line(RunStatus status) {
    return "%s %s: %s".formatted(status.name(), word(status), status.message());
  }

  /** The phase, with its reason once there is one. */
  static String word(RunStatus status) {
    return status.phase().word()
        + (status.paused() ? ", paused" : "")
        + status.phase().endReason().map(reason -> " (" + reason.word() + ")").orElse("");
  }

  /** What to know and to do once a run has ended, beside its message. */
  static List<String> ending(RunStatus status) {
    var lines = new ArrayList<String>();
    Explanation.of(status)
        .filter(explanation -> !explanation.quotesMessage())
        .ifPresent(explanation -> lines.add(explanation.sentence()));
    if (status.phase().endReason().orElseThrow().outcome() == Outcome.SUCCEEDED) {
      return lines;
    }
    status.ledger().canaries().values().stream()
        .filter(canary -> canary.totalErrors() > 0 || canary.problem().isPresent())
        .sorted(
            Comparator.comparingLong(CanaryTally::totalErrors)
                .thenComparingInt(canary -> canary.shown().restarts())
                .reversed())
        .limit(WORST)
        .map(StatusText::canary)
        .forEach(lines::add);
    lines.add("More: canary describe " + status.name());
    return lines;
  }

  /** How long ago something was, in its largest unit. */
  static String age(Duration age) {
    if (age.toHours() >= 48) {
      return age.toDays() + "d";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + "h";
    }
    return age.toSeconds() >= 120 ? age.toMinutes() + "m" : age.toSeconds() + "s";
  }

  static String canary(CanaryTally canary) {
    return String.format(
        Locale.ROOT,
        "  %s on %s  %-8s %,9d requests  %,d error%s%s%s",
        canary.allocId().substring(0, Math.min(8, canary.allocId().length())),
        canary.shown().node(),
        canary.shown().state(),
        canary.totalRequests(),
        canary.totalErrors(),
        canary.totalErrors() == 1 ? "" : "s",
        canary.shown().restarts() > 0 ? "  restarts: " + canary.shown().restarts() : "",
        canary.problem().map(problem -> "  " + problem).orElse(""));
  }
}
