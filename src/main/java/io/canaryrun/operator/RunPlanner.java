package io.canaryrun.operator;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.PlannedJob;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryJobSpec.Mode;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.operator.RunPlan.Change;
import io.canaryrun.operator.RunPlan.Outlook;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what a run of a definition would do, by what an agent would do first, and changes
 * nothing. What the agent refuses is refused here, by this process's own settings.
 */
public final class RunPlanner {
  /** Later than any: that Consul's KV was restored, and counts from less, is not foreseen. */
  private static final long NEXT_GENERATION = Long.MAX_VALUE;

  private final Ports ports;
  private final Assembly assembly;
  private final Forecaster forecaster;

  public RunPlanner(Ports ports, OperatorSettings settings) {
    this.ports = ports;
    this.assembly = Assembly.of(ports, settings, ports.leases().datacenter());
    this.forecaster = new Forecaster(ports);
  }

  /**
   * @param definition of {@code run}, as it is to be written to Consul
   * @throws PortFailure nothing can be said now
   */
  public RunPlan plan(CanaryRun run, String definition) {
    var notes = new ArrayList<>(present(run, definition));
    var stored = new StoredDefinition(run.name(), NEXT_GENERATION, definition);
    return switch (assembly.preparer().draft(stored)) {
      case Draft.Refused(var reason, var why) ->
          new RunPlan(
              run,
              new Outlook.Ends(reason, why),
              Optional.empty(),
              List.of(),
              new Forecast.Unknown("there would be no canaries"),
              notes);
      case Draft.Resolved resolved -> {
        resolved.leftover().ifPresent(leftover -> notes.add(inWords(leftover)));
        yield plan(run, resolved, notes);
      }
    };
  }

  private RunPlan plan(CanaryRun run, Draft.Resolved resolved, List<String> notes) {
    var changes = new ArrayList<Change>();
    var outlook = changes(resolved, changes);
    var generation = resolved.generation();
    var forecast =
        outlook instanceof Outlook.Runs
            ? forecaster.of(generation, resolved.source())
            : new Forecast.Unknown("the canaries would not serve");
    late(run, forecast).ifPresent(notes::add);
    return new RunPlan(run, outlook, Optional.of(generation), changes, forecast, notes);
  }

  private static Optional<String> late(CanaryRun run, Forecast forecast) {
    return forecast instanceof Forecast.Expected expected
            && expected.observing().compareTo(run.deadlines().verdict()) > 0
        ? Optional.of(
            "that is more than the deadline, so the run would end Aborted (%s): raise the deadline or the number of canaries"
                .formatted(Reason.DEADLINE_EXCEEDED.word()))
        : Optional.empty();
  }

  /** Adds what Nomad plans, as far as it does. */
  private Outlook changes(Draft.Resolved resolved, List<Change> changes) {
    var generation = resolved.generation();
    if (generation.mode() == Mode.DEPLOYMENT) {
      return resolved.leftover().isPresent()
          ? new Outlook.Runs()
          : change(generation, Role.PRODUCTION, Reason.PLACEMENT_FAILED, changes);
    }
    var canary = change(generation, Role.CANARY, Reason.PLACEMENT_FAILED, changes);
    return canary instanceof Outlook.Runs && generation.productionJob().isPresent()
        ? change(generation, Role.PRODUCTION, Reason.PRODUCTION_DEPLOY_FAILED, changes)
        : canary;
  }

  /**
   * @param unplaceable what the run ends with where Nomad finds no place
   */
  private Outlook change(
      Generation generation, Role role, Reason unplaceable, List<Change> changes) {
    var job = role == Role.CANARY ? generation.canaryJob() : generation.productionJob().get();
    try {
      var plan = ports.cluster().plan(generation.spec().nomad(), planned(generation, role, job));
      changes.add(new Change(role, job, plan));
      return plan.placementProblem()
          .<Outlook>map(why -> new Outlook.Ends(unplaceable, why))
          .orElseGet(Outlook.Runs::new);
    } catch (PortFailure.Rejected rejected) {
      return new Outlook.Ends(Reason.JOB_REJECTED, rejected.getMessage());
    }
  }

  private JobDocument planned(Generation generation, Role role, JobDocument job) {
    return ports
        .cluster()
        .job(generation.spec().nomad(), job.id())
        .map(present -> PlannedJob.over(present, job, role == Role.PRODUCTION))
        .orElseGet(() -> PlannedJob.of(job));
  }

  /** What stands in Consul under the run's name. */
  private List<String> present(CanaryRun run, String definition) {
    return ports.store().status(run.name()).flatMap(StoredStatus::status).stream()
        .flatMap(status -> note(status, definition).stream())
        .toList();
  }

  private Optional<String> note(RunStatus status, String definition) {
    var same = status.digest().equals(DefinitionCodec.digest(definition));
    var number = status.generation().orElse(0);
    return switch (status.phase()) {
      case Phase.Ended _ ->
          same
              ? Optional.of(
                  "this definition was run already, as generation %d: apply it with --rerun"
                      .formatted(number))
              : Optional.empty();
      case Phase.Promoting _, Phase.Aborting _ ->
          Optional.of(
              "generation %d of this run is %s: a new one waits for its end"
                  .formatted(number, status.phase().word()));
      case Phase.Pending _,
          Phase.SubmittingJob _,
          Phase.WaitingHealthy _,
          Phase.ObservingCounters _,
          Phase.AwaitingApproval _ ->
          Optional.of(
              same
                  ? "this definition is being run already, as generation %d".formatted(number)
                  : "generation %d of this run is active, and would be ended first"
                      .formatted(number));
    };
  }

  private static String inWords(Preparation.Sweep leftover) {
    return switch (leftover) {
      case Preparation.Leftover(_, var job, _) ->
          "job %s of an earlier generation is still live, and would be stopped first"
              .formatted(job.document().id());
      case Preparation.LeftoverCanaries(var earlier) ->
          "production is in the version of generation %d, which would be taken back first; what Nomad makes of the job can be planned after that"
              .formatted(earlier.number());
      case Preparation.Lost _ ->
          "production has canaries of this generation, whose record was removed by hand: they would be ended first";
    };
  }
}
