package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.DIGEST;
import static io.canaryrun.core.Given.GENERATION;
import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.UNREACHABLE_FOR;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.counted;
import static io.canaryrun.core.Given.failingSince;
import static io.canaryrun.core.Given.generation;
import static io.canaryrun.core.Given.pass;
import static io.canaryrun.core.Given.reading;
import static io.canaryrun.core.Given.restarted;
import static io.canaryrun.core.Given.run;
import static io.canaryrun.core.Given.unhealthy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Phase.Promoting;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Promotion;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ObserveStepTest {
  private static final ObservingCounters OBSERVING = new ObservingCounters(LATER, Optional.empty());

  @Test
  void abortsAtOnceOnFirstErrorBeyondBudget() {
    assertEquals(Reason.ERRORS_EXCEEDED, abortReason(pass().ledger(counted(500, 1)).now()));
  }

  @Test
  void abortsOnErrorsEvenWithEnoughRequests() {
    assertEquals(Reason.ERRORS_EXCEEDED, abortReason(pass().ledger(counted(5_000, 1)).now()));
  }

  @Test
  void putsUpWithErrorsWithinTheBudget() {
    // Given
    var tolerant = generation(run(Promotion.Mode.DEPLOY, 1));

    // When
    var decision =
        ObserveStep.decide(tolerant, OBSERVING, pass().of(tolerant).ledger(counted(500, 1)).now());

    // Then
    assertEquals(new Hold(Pace.WAITING, "500 of 1,000 requests, 1 error, 2 canaries"), decision);
  }

  @Test
  void promotesOverTheIndexOfTheVeryPassThatFoundTheVerdictGood() {
    // When
    var decision = decide(pass().ledger(counted(1_000, 0)).now());

    // Then
    assertEquals(
        new Move(
            new Promoting(
                NOW.plus(Duration.ofMinutes(15)), Reason.GOAL_REACHED, OptionalLong.of(40), false),
            "1,000 of 1,000 requests, 0 errors"),
        decision);
  }

  @Test
  void hasNothingToDeployWherePromoteIsNone() {
    // Given
    var stopsOnly = generation(run(Promotion.Mode.NONE, 0));

    // When
    var decision =
        ObserveStep.decide(
            stopsOnly,
            OBSERVING,
            pass().of(stopsOnly).productionUnknown().ledger(counted(1_000, 0)).now());

    // Then
    assertEquals(
        new Promoting(
            NOW.plus(Duration.ofMinutes(15)), Reason.GOAL_REACHED, OptionalLong.empty(), true),
        assertInstanceOf(Move.class, decision).to());
  }

  @Test
  void doesNotPromoteWhenOneLiveCanaryWasNotReadInThisPass() {
    assertHolds(
        pass().ledger(counted(1_000, 0).read(reading("b", NOW.minusMillis(1), 600, 0))).at(NOW));
  }

  @Test
  void doesNotPromoteWhenALiveCanaryHasNeverBeenRead() {
    assertHolds(
        pass()
            .ledger(counted(1_000, 0))
            .allocations(allocation("a"), allocation("b"), allocation("c"))
            .now());
  }

  @Test
  void doesNotPromoteWhileTooFewCanariesAreHealthy() {
    // When
    var decision =
        decide(pass().ledger(counted(1_000, 0)).allocations(allocation("a"), unhealthy("b")).now());

    // Then
    assertEquals(
        new Move(new ObservingCounters(LATER, Optional.of(NOW)), "1 of 2 canaries healthy"),
        decision);
  }

  @Test
  void doesNotPromoteWithoutSeeingProduction() {
    assertHolds(pass().ledger(counted(1_000, 0)).productionUnknown().now());
  }

  @Test
  void doesNotPromoteWithoutSeeingTheCanaryJob() {
    assertHolds(pass().ledger(counted(1_000, 0)).canaryJobUnknown().now());
  }

  @Test
  void doesNotPromoteWithoutSeeingTheAllocations() {
    assertHolds(pass().ledger(counted(1_000, 0)).allocationsUnknown().now());
  }

  @Test
  void abortsWhenProductionWasChanged() {
    assertEquals(
        Reason.PRODUCTION_CHANGED,
        abortReason(pass().production(new ProductionSeen.Changed("version 4")).now()));
  }

  @Test
  void abortsWhenReadsFailForTooLong() {
    assertEquals(
        Reason.COUNTERS_UNREACHABLE,
        abortReason(pass().ledger(failingSince(NOW.minus(UNREACHABLE_FOR))).now()));
  }

  @Test
  void putsUpWithShortFailuresOfReads() {
    assertHolds(pass().ledger(failingSince(NOW.minus(UNREACHABLE_FOR).plusMillis(1))).now());
  }

  @Test
  void abortsWhenCountersFallForTooLong() {
    // Given
    var fallen = counted(500, 0).read(reading("a", NOW.minus(UNREACHABLE_FOR), 10, 0));

    // Then
    assertEquals(Reason.COUNTERS_INCONSISTENT, abortReason(pass().ledger(fallen).now()));
  }

  @Test
  void abortsWhenTooFewCanariesStayHealthy() {
    // Given
    var sick = new ObservingCounters(LATER, Optional.of(NOW.minus(Duration.ofMinutes(5))));

    // When
    var decision =
        ObserveStep.decide(
            generation(),
            sick,
            pass()
                .allocations(allocation("a"), unhealthy("b"))
                .placement("group web: no memory")
                .now());

    // Then
    assertEquals(
        new Move(
            new Aborting(Reason.CANARY_UNHEALTHY, Optional.empty()),
            "only 1 of 2 canaries healthy for longer than the health deadline; "
                + "group web: no memory; b on node-1 is running: 503"),
        decision);
  }

  @Test
  void abortsWithTooLittleTrafficByTheDeadline() {
    assertEquals(Reason.DEADLINE_EXCEEDED, abortReason(pass().at(LATER)));
  }

  @Test
  void abortsByTheDeadlineAlsoWhenNothingCanBeSeen() {
    assertEquals(
        Reason.DEADLINE_EXCEEDED,
        abortReason(
            pass()
                .definitionUnknown()
                .canaryJobUnknown()
                .productionUnknown()
                .allocationsUnknown()
                .at(LATER)));
  }

  @Test
  void abortsWhenTheDefinitionIsDeleted() {
    assertEquals(
        Reason.DEFINITION_DELETED,
        abortReason(pass().definition(new DefinitionSeen.Absent()).now()));
  }

  @Test
  void abortsWhenTheDefinitionIsReplaced() {
    assertEquals(
        Reason.SUPERSEDED,
        abortReason(pass().definition(new DefinitionSeen.Present(8, "sha256:8")).now()));
  }

  @Test
  void goesOnWhenTheSameBytesWereWrittenAnew() {
    assertHolds(pass().definition(new DefinitionSeen.Present(GENERATION + 1, DIGEST)).now());
  }

  @Test
  void goesOnWhenTheDefinitionCannotBeRead() {
    assertHolds(pass().definitionUnknown().now());
  }

  @Test
  void theReasonOfAStopOrderIsTheReason() {
    assertEquals(
        Reason.ERRORS_EXCEEDED,
        abortReason(
            pass().canaryJob(new CanaryJobSeen.Stopped(60, Optional.of("ErrorsExceeded"))).now()));
  }

  @Test
  void aStopWithoutAReasonWasAPersons() {
    assertEquals(
        Reason.CANARY_STOPPED,
        abortReason(pass().canaryJob(new CanaryJobSeen.Stopped(60, Optional.empty())).now()));
  }

  @Test
  void whatEndsARunWinsOverAGoodVerdict() {
    // Given
    var good = counted(1_000, 0);

    // Then
    assertEquals(
        Reason.ABORTED_BY_PERSON, abortReason(pass().ledger(good).abortAsked("Ctrl-C").now()));
    assertEquals(
        Reason.DEFINITION_DELETED,
        abortReason(pass().ledger(good).definition(new DefinitionSeen.Absent()).now()));
    assertEquals(
        Reason.SUPERSEDED,
        abortReason(
            pass().ledger(good).definition(new DefinitionSeen.Present(8, "sha256:8")).now()));
    assertEquals(
        Reason.CANARY_RESTARTED,
        abortReason(pass().ledger(good).allocations(restarted("a"), allocation("b")).now()));
    assertEquals(
        Reason.DEADLINE_EXCEEDED,
        abortReason(
            pass()
                .ledger(good.read(reading("a", LATER, 500, 0)).read(reading("b", LATER, 500, 0)))
                .at(LATER)));
  }

  @Test
  void aPersonEndsTheRun() {
    assertEquals(Reason.ABORTED_BY_PERSON, abortReason(pass().abortAsked("Ctrl-C").now()));
  }

  private static Decision decide(Observation seen) {
    return ObserveStep.decide(generation(), OBSERVING, seen);
  }

  private static Reason abortReason(Observation seen) {
    Phase to = assertInstanceOf(Move.class, decide(seen)).to();
    return assertInstanceOf(Aborting.class, to).reason();
  }

  private static void assertHolds(Observation seen) {
    assertInstanceOf(Hold.class, decide(seen));
  }
}
