package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.counted;
import static io.canaryrun.core.Given.generation;
import static io.canaryrun.core.Given.pass;
import static io.canaryrun.core.Given.restarted;
import static io.canaryrun.core.Given.unhealthy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.phase.Phase.Aborting;
import io.canaryrun.core.phase.Phase.ObservingCounters;
import io.canaryrun.core.phase.Phase.WaitingHealthy;
import io.canaryrun.core.phase.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthStepTest {
  private static final Instant HEALTHY_BY = NOW.plusSeconds(300);
  private static final Instant STABLE = NOW.minusSeconds(10);

  @Test
  void remembersSinceWhenEnoughCanariesAreHealthy() {
    assertEquals(
        new Move(waiting(Optional.of(NOW)), "2 canaries are healthy"),
        decide(Optional.empty(), pass().now()));
  }

  @Test
  void observesOnceTheyWereHealthyForLongEnough() {
    assertEquals(
        new Move(
            new ObservingCounters(LATER, Optional.empty()),
            "2 canaries are healthy, observing their counters"),
        decide(Optional.of(STABLE), pass().now()));
  }

  @Test
  void waitsUntilTheyWereHealthyForLongEnough() {
    assertInstanceOf(Hold.class, decide(Optional.of(STABLE.plusMillis(1)), pass().now()));
  }

  @Test
  void beginsAnewWhenACanaryTurnsSick() {
    assertEquals(
        new Move(waiting(Optional.empty()), "1 canaries are healthy"),
        decide(Optional.of(STABLE), pass().allocations(allocation("a"), unhealthy("b")).now()));
  }

  @Test
  void doesNotBelieveOldNewsOfHealth() {
    assertInstanceOf(Hold.class, decide(Optional.of(STABLE), pass().allocationsUnknown().now()));
  }

  @Test
  void abortsWhenTheyDoNotBecomeHealthyInTime() {
    assertEquals(
        new Move(
            new Aborting(Reason.CANARY_UNHEALTHY, Optional.empty()),
            "1 of 2 canaries healthy by the health deadline; b on node-1 is running: 503"),
        decide(
            Optional.empty(), pass().allocations(allocation("a"), unhealthy("b")).at(HEALTHY_BY)));
  }

  @Test
  void saysSoWhenThereIsNoPlaceForThem() {
    assertEquals(
        new Move(
            new Aborting(Reason.PLACEMENT_FAILED, Optional.empty()),
            "1 of 2 canaries placed; group web: no memory"),
        decide(
            Optional.empty(),
            pass().allocations(allocation("a")).placement("group web: no memory").at(HEALTHY_BY)));
  }

  @Test
  void saysWhatCanariesDiedOf() {
    // Given
    var abort =
        assertInstanceOf(
            Move.class,
            decide(
                Optional.empty(),
                pass().allocations(allocation("a"), restarted("b")).ledger(seen()).now()));

    // Then
    assertEquals(
        new Move(
            new Aborting(Reason.CANARY_RESTARTED, Optional.empty()),
            "restarts and lost or failed allocations: 1, at most 0 are allowed; "
                + "b on node-1 is running: task server: Exit Code: 1"),
        abort);
  }

  private static Ledger seen() {
    return Ledger.EMPTY.seen(List.of(allocation("a"), restarted("b")));
  }

  @Test
  void abortsOnAnErrorBeforeItObserves() {
    assertEquals(
        Reason.ERRORS_EXCEEDED,
        abortReason(decide(Optional.empty(), pass().ledger(counted(3, 1)).now())));
  }

  @Test
  void abortsWhenTheCanaryJobIsStoppedByAPerson() {
    assertEquals(
        Reason.CANARY_STOPPED,
        abortReason(
            decide(
                Optional.empty(),
                pass().canaryJob(new CanaryJobSeen.Stopped(60, Optional.empty())).now())));
  }

  private static Reason abortReason(Decision decision) {
    return assertInstanceOf(Aborting.class, assertInstanceOf(Move.class, decision).to()).reason();
  }

  private static WaitingHealthy waiting(Optional<Instant> since) {
    return new WaitingHealthy(LATER, HEALTHY_BY, since);
  }

  private static Decision decide(Optional<Instant> since, Observation seen) {
    return HealthStep.decide(generation(), waiting(since), seen);
  }
}
