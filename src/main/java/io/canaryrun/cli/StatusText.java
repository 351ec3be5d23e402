package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jline.utils.AttributedString;

/** A status in words. */
final class StatusText {
  private static final int SHORT_ID = 8;

  private StatusText() {}

  /** Phase and message. */
  static String line(RunStatus status) {
    return "%s %s: %s".formatted(status.name(), word(status), oneLine(status.message()));
  }

  /** The phase, with its reason once there is one. */
  static String word(RunStatus status) {
    return status.phase().word()
        + (status.paused() ? ", paused" : "")
        + status.phase().endReason().map(reason -> " (" + reason.word() + ")").orElse("");
  }

  /** The generation, as far as it is known. */
  static String generation(RunStatus status) {
    return status.generation().isPresent() ? "" + status.generation().getAsLong() : "-";
  }

  static boolean needsDecision(RunStatus status) {
    return !status.phase().isTerminal()
        && (status.paused() || status.phase() instanceof Phase.AwaitingApproval);
  }

  /** How long something lasts or is ago, in its largest unit. */
  static String age(Duration age) {
    if (age.toHours() >= 48) {
      return age.toDays() + "d";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + "h";
    }
    return age.toSeconds() >= 120 ? age.toMinutes() + "m" : age.toSeconds() + "s";
  }

  /** How long the run has gone on, or how long it took. */
  static Duration age(RunStatus status, Instant now) {
    return Duration.between(status.startedAt(), status.finishedAt().orElse(now));
  }

  static String shortId(CanaryTally canary) {
    return canary.allocId().substring(0, Math.min(SHORT_ID, canary.allocId().length()));
  }

  static String canary(CanaryTally canary) {
    return String.format(
        Locale.ROOT,
        "  %s on %s  %-8s %,9d requests  %,d error%s%s%s",
        shortId(canary),
        canary.shown().node(),
        canary.shown().state(),
        canary.totalRequests(),
        canary.totalErrors(),
        canary.totalErrors() == 1 ? "" : "s",
        canary.shown().restarts() > 0 ? "  restarts: " + canary.shown().restarts() : "",
        canary.problem().map(problem -> "  " + oneLine(problem)).orElse(""));
  }

  /** In the columns of {@code nomad alloc status}. */
  static String event(TaskEvent event) {
    return "      %s  %-12s %-18s %s"
        .formatted(
            event.at().truncatedTo(ChronoUnit.SECONDS),
            event.task(),
            event.type(),
            oneLine(event.message()))
        .stripTrailing();
  }

  /** What others wrote, without what would break or recolour the line. */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  static AttributedString styled(String text) {
    return new AttributedString(oneLine(text));
  }
}
