package io.canaryrun.core.analysis;

import io.canaryrun.core.spec.Analysis;
import java.util.Locale;

/**
 * What the evidence says, with its numbers.
 *
 * @param goal requests that make a good verdict
 */
public record Verdict(Finding finding, long requests, long errors, long goal) {

  /** The answer to the one question. */
  public enum Finding {
    GOOD,
    BAD,
    UNDECIDED
  }

  /** Errors beyond the budget are bad at once; enough requests without them are good. */
  public static Verdict of(Analysis analysis, Ledger ledger) {
    var errors = ledger.errors();
    var requests = ledger.requests();
    var finding =
        errors > analysis.maxErrors()
            ? Finding.BAD
            : requests >= analysis.requests() ? Finding.GOOD : Finding.UNDECIDED;
    return new Verdict(finding, requests, errors, analysis.requests());
  }

  public boolean isBad() {
    return finding == Finding.BAD;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d requests, %,d error%s",
        requests,
        goal,
        errors,
        errors == 1 ? "" : "s");
  }
}
