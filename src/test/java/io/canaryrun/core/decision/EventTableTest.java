package io.canaryrun.core.decision;

import static io.canaryrun.core.Given.GENERATION;
import static io.canaryrun.core.Given.LATER;
import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.PROCESS_START;
import static io.canaryrun.core.Given.UNREACHABLE_FOR;
import static io.canaryrun.core.Given.allocation;
import static io.canaryrun.core.Given.counted;
import static io.canaryrun.core.Given.failingSince;
import static io.canaryrun.core.Given.gone;
import static io.canaryrun.core.Given.pass;
import static io.canaryrun.core.Given.restarted;
import static io.canaryrun.core.Given.reverted;
import static io.canaryrun.core.Given.unhealthy;

import io.canaryrun.Golden;
import io.canaryrun.core.Given;
import io.canaryrun.core.Given.Pass;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Rollout.Cause;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What happens in each phase at each event, decided by the steps themselves, as a page. */
class EventTableTest {
  private static final ProductionSeen AS_FROZEN =
      new ProductionSeen.AsFrozen(40, 3, new Rollout.Successful());

  private static final Remains LEFT =
      new Remains(
          new Target("default", Optional.empty()), Optional.empty(), Optional.of("d1"), 2, 2);

  /** Something that is seen in one pass, beside all else that is as it should be. */
  private record Event(String name, UnaryOperator<Pass> change, Instant at) {
    Event(String name, UnaryOperator<Pass> change) {
      this(name, change, NOW);
    }
  }

  /** A phase, and what a pass sees in it where nothing happens. */
  private record Row(Phase phase, UnaryOperator<Pass> usual) {}

  private static final List<Event> ANYWHERE =
      List.of(
          new Event("nothing happens", it -> it),
          new Event("enough requests without an error", it -> it.ledger(counted(1_000, 0))),
          new Event("an error beyond the budget", it -> it.ledger(counted(500, 1))),
          new Event(
              "a canary crashes, fails or is lost, beyond `maxRestarts`",
              it -> it.allocations(restarted("a"), allocation("b"))),
          new Event(
              "a canary is drained or preempted, and runs elsewhere",
              it -> it.allocations(gone("a"), allocation("b"), allocation("c"))),
          new Event(
              "counters cannot be read for `unreachableFor`",
              it -> it.ledger(failingSince(NOW.minus(UNREACHABLE_FOR)))),
          new Event("the phase's deadline passes", it -> it, LATER),
          new Event(
              "the same, and the canaries are not healthy",
              it -> it.allocations(unhealthy("a"), unhealthy("b")),
              LATER),
          new Event("the definition is deleted", it -> it.definition(new DefinitionSeen.Absent())),
          new Event(
              "the definition is replaced",
              it -> it.definition(new DefinitionSeen.Present(8, "sha256:8"))),
          new Event("command `abort`", it -> it.commands(asked(Command.Kind.ABORT))),
          new Event("command `pause`", it -> it.commands(asked(Command.Kind.PAUSE))),
          new Event("command `promote`", it -> it.commands(asked(Command.Kind.PROMOTE))),
          new Event(
              "a command for another generation",
              it -> it.commands(new Command.Asked(Command.Kind.ABORT, 90, 6, "ada", ""))),
          new Event(
              "Nomad does not answer",
              it -> it.canaryJobUnknown().productionUnknown().allocationsUnknown()),
          new Event(
              "Consul does not answer",
              it -> it.definitionUnknown().instancesUnknown().allocationsUnknown().claimUnknown()),
          new Event(
              "a run of an earlier definition is found to be about its job",
              it -> it.claimed("job api is that of the active run other: wait for it")),
          new Event(
              "its owner dies, and its frozen generation is removed by hand",
              it -> it.remains(LEFT)));

  private static final List<Event> JOB =
      List.of(
          new Event(
              "the canary job is stopped by a person",
              it -> it.canaryJob(new CanaryJobSeen.Stopped(60, Optional.empty()))),
          new Event(
              "the canary job was stopped for an error",
              it -> it.canaryJob(new CanaryJobSeen.Stopped(60, Optional.of("ErrorsExceeded")))),
          new Event("the canary job is purged", it -> it.canaryJob(new CanaryJobSeen.Absent())),
          new Event("the canary job is edited", it -> it.canaryJob(new CanaryJobSeen.Edited(60))),
          new Event(
              "somebody else's job has its ID",
              it -> it.canaryJob(new CanaryJobSeen.Foreign(60, false, "a job of run other"))),
          new Event(
              "somebody changes, stops or reverts production",
              it -> it.production(new ProductionSeen.Changed("version 5 is edited"))),
          new Event(
              "production is scaled",
              it -> it.production(new ProductionSeen.AsFrozen(44, 4, new Rollout.Successful()))));

  private static final List<Event> DEPLOYMENT =
      List.of(
          new Event(
              "somebody promotes it in Nomad", it -> it.production(ours(new Rollout.Promoted("")))),
          new Event("somebody fails it in Nomad", it -> it.production(ours(failed(Cause.STOPPED)))),
          new Event(
              "somebody fails it, with `auto_revert`",
              it -> it.production(reverted(new Rollout.Successful(), Cause.STOPPED))),
          new Event(
              "Nomad gives its allocations up", it -> it.production(ours(failed(Cause.UNHEALTHY)))),
          new Event(
              "Nomad gives them up, with `auto_revert`",
              it -> it.production(reverted(new Rollout.Successful(), Cause.UNHEALTHY))),
          new Event(
              "somebody registers another version, or stops the job",
              it -> it.production(new ProductionSeen.Changed("version 5 is edited"))),
          new Event(
              "somebody reverts the job",
              it -> it.production(reverted(new Rollout.InProgress(""), Cause.OVERTAKEN))),
          new Event(
              "somebody registers it with another count",
              it ->
                  it.production(
                      new ProductionSeen.Ours(60, 5, new Rollout.AwaitingHealth("d2", "")))));

  private static ProductionSeen ours(Rollout rollout) {
    return new ProductionSeen.Ours(50, 4, rollout);
  }

  private static Rollout failed(Cause cause) {
    return new Rollout.Failed("", cause);
  }

  private static Command asked(Command.Kind kind) {
    return new Command.Asked(kind, 90, GENERATION, "ada", "");
  }

  @Test
  void eachPhaseTimesEachEvent() throws IOException {
    // Given
    var job = new ArrayList<>(ANYWHERE);
    job.addAll(JOB);
    var deployment = new ArrayList<>(ANYWHERE);
    deployment.addAll(DEPLOYMENT);

    // When
    var page =
        """
        # What happens when

        What the operator does in each phase at each event; a test derives this page from the code.
        *waits* means that the run stays where it is; where an answer is missing, nothing is
        concluded from that. *aborts* means that the canary is stopped, production is as it was, and
        the reason is that of the outcome. While a run is paused, it takes no step forward, and
        aborts as it would otherwise.

        ## Mode `job`

        %s
        ## Mode `deployment`

        %s"""
            .formatted(
                table(job, rows(Given.generation(), UnaryOperator.identity())),
                table(deployment, rows(Given.deployment(), EventTableTest::canariesOut)));

    // Then
    Golden.at(Path.of("docs")).assertMatches("events.md", page);
  }

  private static Pass canariesOut(Pass pass) {
    return pass.canaryJobUnknown().production(ours(new Rollout.AwaitingPromotion("d1")));
  }

  private static List<Row> rows(Generation generation, UnaryOperator<Pass> out) {
    UnaryOperator<Pass> of = pass -> pass.of(generation);
    return List.of(
        new Row(new Phase.Pending(), it -> it.preparation(new Preparation.Ready(generation))),
        new Row(
            new Phase.SubmittingJob(LATER),
            it -> of.apply(it).canaryJob(new CanaryJobSeen.Absent()).production(AS_FROZEN)),
        new Row(
            new Phase.WaitingHealthy(
                LATER.plusSeconds(1), LATER, Optional.of(PROCESS_START.plusSeconds(55))),
            it -> out.apply(of.apply(it))),
        new Row(
            new Phase.ObservingCounters(LATER, Optional.empty()), it -> out.apply(of.apply(it))),
        new Row(new Phase.AwaitingApproval(LATER, Optional.empty()), it -> out.apply(of.apply(it))),
        new Row(
            new Phase.Promoting(LATER, Reason.GOAL_REACHED, OptionalLong.of(40), false),
            it -> out.apply(of.apply(it))),
        new Row(
            new Phase.Aborting(Reason.ERRORS_EXCEEDED, Optional.of(LATER)),
            it -> out.apply(of.apply(it))));
  }

  private static String table(List<Event> events, List<Row> rows) {
    var head =
        rows.stream().map(row -> row.phase.word()).collect(Collectors.joining(" | ", "| | ", " |"));
    var rule = "|---".repeat(rows.size() + 1) + "|";
    return events.stream()
        .map(event -> "| %s | %s |".formatted(event.name, cells(event, rows)))
        .collect(Collectors.joining("\n", head + "\n" + rule + "\n", "\n"));
  }

  private static String cells(Event event, List<Row> rows) {
    return rows.stream()
        .map(row -> inWords(row.phase, decide(event, row)))
        .collect(Collectors.joining(" | "));
  }

  private static Decision decide(Event event, Row row) {
    Observation seen = event.change.apply(row.usual.apply(pass())).at(event.at);
    return Reconciler.decide(GENERATION, row.phase, false, seen);
  }

  private static String inWords(Phase from, Decision decision) {
    return switch (decision) {
      case Decision.Freeze(_, var to, _) -> "goes on to " + to.word();
      case Decision.Hold _ -> "waits";
      case Decision.Done _ -> "is over";
      case Decision.Answer(_, _, var what) ->
          what.startsWith("refused") ? "refused in the status" : "recorded in the status";
      case Decision.Act(var action) -> inWords(action);
      case Decision.Move(Phase.Aborting(var reason, _), _, _) -> "aborts: `" + reason.word() + "`";
      case Decision.Move(Phase.Ended(var reason), _, _) -> "ends: `" + reason.word() + "`";
      case Decision.Move(var to, _, _) ->
          to.word().equals(from.word()) ? "waits" : "goes on to " + to.word();
    };
  }

  private static String inWords(Action action) {
    return switch (action) {
      case Action.StopLeftover _, Action.ReturnLeftover _, Action.FailLeftover _ ->
          "cleans up what was left behind";
      case Action.SubmitCanary _ -> "submits";
      case Action.StopCanary _ -> "stops the canary";
      case Action.RegisterProduction _ -> "registers production";
      case Action.PromoteDeployment _ -> "promotes the deployment";
      case Action.FailDeployment _ -> "fails the deployment";
      case Action.ReturnProduction _ -> "returns production";
    };
  }
}
