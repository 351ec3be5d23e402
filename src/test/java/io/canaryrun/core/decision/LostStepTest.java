package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.GENERATION;
import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.canaryrun.core.decision.Decision.Act;
import io.canaryrun.core.decision.Decision.Hold;
import io.canaryrun.core.decision.Decision.Move;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Target;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LostStepTest {
  private static final Target TARGET = new Target("default", Optional.empty());
  private static final JobSeen LIVE =
      new JobSeen(33, 1, false, Map.of(), new JobDocument("api-canary", "{}"));
  private static final Phase OBSERVING = new Phase.ObservingCounters(LATER, Optional.empty());

  @Test
  void stopsTheCanaryJobFirst() {
    assertEquals(
        new Act(new Action.StopLeftover(TARGET, LIVE, Reason.ABORTED_BY_PERSON)),
        decide(OBSERVING, new Remains(TARGET, Optional.of(LIVE), Optional.of("d1"), 2, 2)));
  }

  @Test
  void failsUnpromotedCanariesOfProduction() {
    assertEquals(
        new Act(new Action.FailLeftover(TARGET, "d1")),
        decide(OBSERVING, new Remains(TARGET, Optional.empty(), Optional.of("d1"), 2, 2)));
  }

  @Test
  void waitsUntilTheAllocationsHaveEnded() {
    assertInstanceOf(
        Hold.class,
        decide(OBSERVING, new Remains(TARGET, Optional.empty(), Optional.empty(), 1, 1)));
  }

  @Test
  void waitsUntilConsulHasForgottenThem() {
    assertInstanceOf(
        Hold.class,
        decide(OBSERVING, new Remains(TARGET, Optional.empty(), Optional.empty(), 0, 1)));
  }

  @Test
  void endsWhenNothingIsLeft() {
    assertEnded(Reason.ABORTED_BY_PERSON, OBSERVING);
  }

  @Test
  void keepsTheReasonOfARunThatWasAborting() {
    assertEnded(
        Reason.ERRORS_EXCEEDED, new Phase.Aborting(Reason.ERRORS_EXCEEDED, Optional.empty()));
  }

  @Test
  void isNoSuccessWhateverTheVerdictWas() {
    assertEnded(
        Reason.ABORTED_BY_PERSON,
        new Phase.Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.of(40), false));
  }

  @Test
  void waitsWhenNomadDoesNotAnswer() {
    assertInstanceOf(
        Hold.class, Reconciler.decide(GENERATION, OBSERVING, false, pass().remainsUnknown().now()));
  }

  private static void assertEnded(Reason reason, Phase phase) {
    assertEquals(
        new Move(
            new Phase.Ended(reason),
            "the frozen generation was removed or written over by hand; its canaries are gone,"
                + " production is left as it is"),
        decide(phase, new Remains(TARGET, Optional.empty(), Optional.empty(), 0, 0)));
  }

  private static Decision decide(Phase phase, Remains remains) {
    return Reconciler.decide(GENERATION, phase, false, pass().remains(remains).now());
  }
}
