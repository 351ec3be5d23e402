package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** How something is, at a glance: it never stands without a word. */
enum Symbol {
  GOOD("✔", AttributedStyle.GREEN),
  BAD("✖", AttributedStyle.RED),
  WORKING("●", AttributedStyle.CYAN),
  WAITING("◌", AttributedStyle.YELLOW),
  GONE("·", AttributedStyle.WHITE);

  private final String sign;
  private final int color;

  Symbol(String sign, int color) {
    this.sign = sign;
    this.color = color;
  }

  static Symbol of(RunStatus status) {
    if (status.paused()) {
      return WAITING;
    }
    return switch (status.phase()) { // No default: a new phase must not compile until it has one.
      case Phase.Pending _, Phase.SubmittingJob _, Phase.WaitingHealthy _ -> WAITING;
      case Phase.AwaitingApproval _ -> WAITING;
      case Phase.ObservingCounters _, Phase.Promoting _ -> WORKING;
      case Phase.Aborting _ -> BAD;
      case Phase.Ended(var reason) -> reason.outcome() == Outcome.SUCCEEDED ? GOOD : BAD;
    };
  }

  static Symbol of(CanaryTally canary) {
    if (canary.totalErrors() > 0 || canary.isFailure() || canary.shown().restarts() > 0) {
      return BAD;
    }
    if (!canary.shown().live()) {
      return GONE;
    }
    return canary.shown().healthy() && canary.problem().isEmpty() ? GOOD : WAITING;
  }

  AttributedString before(String word) {
    return AttributedString.join(
        new AttributedString(" "),
        new AttributedString(sign, AttributedStyle.DEFAULT.foreground(color)),
        StatusText.styled(word));
  }
}
