package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.phase.Explanation;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What to know and to do once a run has ended. */
record Ending(RunStatus status) {
  private static final int WORST = 3;

  private static final Comparator<CanaryTally> WORST_FIRST =
      Comparator.comparingLong(CanaryTally::totalErrors)
          .thenComparing(CanaryTally::isFailure)
          .thenComparing(CanaryTally::isTroubled)
          .thenComparingInt(canary -> canary.shown().restarts())
          .thenComparing(canary -> canary.problem().isPresent())
          .reversed();

  /** All canaries of a run, those first that most need to be looked at. */
  static Stream<CanaryTally> byNeed(RunStatus status) {
    return status.ledger().canaries().values().stream().sorted(WORST_FIRST);
  }

  /** At most three canaries that something is wrong with, the worst first. */
  static Stream<CanaryTally> worst(RunStatus status) {
    return byNeed(status)
        .filter(
            canary ->
                canary.totalErrors() > 0 || canary.isTroubled() || canary.problem().isPresent())
        .limit(WORST);
  }

  /** Why, in one sentence; where it is no success, the worst canaries and what to type next. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("  " + sentence());
    next()
        .ifPresent(
            command -> {
              worst(status).forEach(canary -> lines.addAll(troubled(canary)));
              lines.add("  Next: " + command);
            });
    return lines;
  }

  String sentence() {
    return StatusText.oneLine(Explanation.of(status).orElseThrow());
  }

  /** Empty: there is nothing to be done about a success. */
  Optional<String> next() {
    return reason().outcome() == Outcome.SUCCEEDED
        ? Optional.empty()
        : Optional.of(NextCommand.afterEnd(status, reason()));
  }

  Reason reason() {
    return status.phase().endReason().orElseThrow();
  }

  private static List<String> troubled(CanaryTally canary) {
    var lines = new ArrayList<>(List.of(StatusText.canary(canary)));
    canary.shown().events().stream().map(StatusText::event).forEach(lines::add);
    return lines;
  }
}
