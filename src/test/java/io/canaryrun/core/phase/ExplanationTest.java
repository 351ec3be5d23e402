package io.canaryrun.core.phase;

import static io.canaryrun.core.Given.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.core.Given;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.spec.Analysis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Analysis NO_ERROR = new Analysis(75_000, 0, 1e-4);
  private static final Analysis FIVE_ERRORS = new Analysis(75_000, 5, 1e-4);

  @Test
  void eachReasonIsExplainedInOneSentence() {
    // Given
    var sentences = new ArrayList<String>();

    // When
    for (var reason : Reason.values()) {
      sentences.add(explained(ended(reason, NO_ERROR, Given.counted(41_200, 0))));
    }

    // Then
    assertEquals(
        List.of(
            "Promoted: 41,200 requests with 0 errors; with 98.37 % confidence, fewer than 1 in"
                + " 10,000 fail.",
            "Promoted because a person said so, after 41,200 of 75,000 requests with 0 errors.",
            "Aborted because whoever held the run before read more errors than 0, and stopped the"
                + " canary.",
            "Aborted because the canaries were not healthy, after 41,200 requests with 0 errors:"
                + " what was seen.",
            "Aborted because canaries restarted, failed or were lost more often than is allowed,"
                + " after 41,200 requests with 0 errors: what was seen.",
            "Aborted because a canary's counters could not be read, after 41,200 requests with 0"
                + " errors: what was seen.",
            "Aborted because a canary's counters fell without a restart, so that they prove"
                + " nothing, after 41,200 requests with 0 errors: what was seen.",
            "Aborted because only 41,200 of 75,000 requests came by the deadline, with 0 errors.",
            "Aborted because a person asked for it, after 41,200 requests with 0 errors: what was"
                + " seen.",
            "Aborted because somebody else ended the canary in Nomad, after 41,200 requests with 0"
                + " errors: what was seen.",
            "Aborted because nobody wants it any more, after 41,200 requests with 0 errors: what"
                + " was seen.",
            "Aborted because nobody approved in time of 41,200 requests with 0 errors.",
            "Aborted because something newer took its place, after 41,200 requests with 0 errors:"
                + " what was seen.",
            "Aborted because somebody else changed production, after 41,200 requests with 0"
                + " errors: what was seen.",
            "Failed because the job was refused, after 41,200 requests with 0 errors: what was"
                + " seen.",
            "Failed because Nomad found no place for the canaries, after 41,200 requests with 0"
                + " errors: what was seen.",
            "Failed because the update would have had no canaries, after 41,200 requests with 0"
                + " errors: what was seen.",
            "Failed because production did not take a version that was good as a canary, after"
                + " 41,200 requests with 0 errors: what was seen.",
            "Failed because the operator's settings do not allow it, after 41,200 requests with 0"
                + " errors: what was seen.",
            "Invalid because the definition cannot be used, after 41,200 requests with 0 errors:"
                + " what was seen."),
        sentences);
  }

  @Test
  void errorsBeyondTheBudgetWithWhatWouldHaveBeenGood() {
    assertEquals(
        "Aborted because 3 errors in 41,200 requests exceed the budget of 0; 75,000 requests"
            + " without an error would have shown with 99.94 % confidence that fewer than 1 in"
            + " 10,000 fail.",
        explained(ended(Reason.ERRORS_EXCEEDED, NO_ERROR, Given.counted(41_200, 3))));
    assertEquals(
        "Aborted because 1 error in 1 request exceeds the budget of 0; 29 requests without an"
            + " error would have shown with 95.28 % confidence that fewer than 1 in 10 fail.",
        explained(
            ended(Reason.ERRORS_EXCEEDED, new Analysis(29, 0, 0.0999999), Given.counted(1, 1))));
    assertEquals(
        "Aborted because 6 errors in 41,200 requests exceed the budget of 5.",
        explained(ended(Reason.ERRORS_EXCEEDED, FIVE_ERRORS, Given.counted(41_200, 6))));
  }

  @Test
  void goodVerdictWithItsConfidence() {
    assertEquals(
        "Promoted: 75,000 requests with 0 errors; with 99.94 % confidence, fewer than 1 in 10,000"
            + " fail.",
        explained(ended(Reason.GOAL_REACHED, NO_ERROR, Given.counted(75_000, 0))));
    assertEquals(
        "Promoted: 75,000 requests with 2 errors, of which at most 5 are allowed.",
        explained(ended(Reason.GOAL_REACHED, FIVE_ERRORS, Given.counted(75_000, 2))));
  }

  @Test
  void certaintyIsNeverClaimed() {
    assertEquals(
        "Promoted: 900,000,000 requests with 0 errors; with 99.99 % confidence, fewer than 50 %"
            + " fail.",
        explained(
            ended(
                Reason.GOAL_REACHED, new Analysis(75_000, 0, 0.5), Given.counted(900_000_000, 0))));
  }

  @Test
  void enoughRequestsButNotEveryCanaryRead() {
    assertEquals(
        "Aborted because not every canary was healthy and read by the deadline, after 80,000"
            + " requests with 0 errors.",
        explained(ended(Reason.DEADLINE_EXCEEDED, NO_ERROR, Given.counted(80_000, 0))));
  }

  @Test
  void nothingWasDeployed() {
    // Given
    var stopsOnly =
        frozen(NO_ERROR, Given.counted(75_000, 0), Optional.empty())
            .moved(new Phase.Ended(Reason.GOAL_REACHED), "the canary is gone", NOW);

    // Then
    assertEquals(
        "Succeeded: 75,000 requests with 0 errors; with 99.94 % confidence, fewer than 1 in 10,000"
            + " fail.",
        explained(stopsOnly));
  }

  @Test
  void onTheWayThere() {
    // Given
    var running = frozen(NO_ERROR, Given.counted(75_000, 0), Optional.of("api"));

    // Then
    assertEquals(Optional.empty(), Explanation.of(running));
    assertEquals(
        "Promoting: 75,000 requests with 0 errors; with 99.94 % confidence, fewer than 1 in 10,000"
            + " fail.",
        explained(
            running.moved(
                new Phase.Promoting(NOW, Reason.GOAL_REACHED, OptionalLong.empty(), false),
                "good",
                NOW)));
    assertEquals(
        "Aborting because a person asked for it, after 75,000 requests with 0 errors: wrong day.",
        explained(
            running.moved(
                new Phase.Aborting(Reason.ABORTED_BY_PERSON, Optional.empty()), "wrong day", NOW)));
  }

  @Test
  void beforeAnythingWasCounted() {
    assertEquals(
        "Invalid because the definition cannot be used: /spec: needs a job.",
        explained(
            pending()
                .moved(new Phase.Ended(Reason.INVALID_DEFINITION), "/spec: needs a job", NOW)));
  }

  private static String explained(RunStatus status) {
    return Explanation.of(status).orElseThrow();
  }

  private static RunStatus ended(Reason reason, Analysis analysis, Ledger ledger) {
    return frozen(analysis, ledger, Optional.of("api"))
        .moved(new Phase.Aborting(reason, Optional.empty()), "what was seen", NOW)
        .moved(new Phase.Ended(reason), "the canary is gone", NOW);
  }

  private static RunStatus frozen(Analysis analysis, Ledger ledger, Optional<String> production) {
    var jobs =
        new NomadJobs(
            "default",
            Optional.empty(),
            Optional.of("api-canary"),
            OptionalLong.empty(),
            Optional.empty(),
            production,
            OptionalLong.empty());
    return pending().frozen(jobs, analysis).refreshed(ledger, jobs, "counting", NOW);
  }

  private static RunStatus pending() {
    return RunStatus.pending(
        "api", OptionalLong.of(7), "sha256:7", NOW, new Owner("node-1", "session-1"));
  }
}
