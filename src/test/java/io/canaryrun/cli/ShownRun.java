package io.canaryrun.cli;

import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.spec.Analysis;
import io.canaryrun.fake.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A run of three canaries as an operator writes it down, step by step. */
final class ShownRun {
  static final long GOAL = 75_000;

  private static final NomadJobs IN_JOB =
      jobs(Optional.of("api-canary"), Optional.empty(), OptionalLong.of(91));
  private static final NomadJobs IN_DEPLOYMENT =
      jobs(
          Optional.empty(),
          Optional.of("5d1c7a42-9f3e-4a0b-8a6b-0f2f6f1d2c11"),
          OptionalLong.empty());
  private static final List<String> IDS =
      List.of(
          "0f3c9a1e-4b7d-4d55-8a53-000000000001",
          "61b2d0c4-4b7d-4d55-8a53-000000000002",
          "c7e85f92-4b7d-4d55-8a53-000000000003");

  private final ManualTime time;
  private final Instant processStart;
  private RunStatus status;

  private ShownRun(ManualTime time, NomadJobs jobs) {
    this.time = time;
    this.processStart = time.instant();
    this.status =
        RunStatus.pending(
                "api",
                OptionalLong.of(7),
                "sha256:7",
                time.instant(),
                new Owner("node-1-4711", "session-1"))
            .frozen(jobs, new Analysis(GOAL, 0, 1e-4));
  }

  static ShownRun inJob(ManualTime time) {
    return new ShownRun(time, IN_JOB);
  }

  static ShownRun inDeployment(ManualTime time) {
    return new ShownRun(time, IN_DEPLOYMENT);
  }

  private static NomadJobs jobs(
      Optional<String> canaryJob, Optional<String> deployment, OptionalLong index) {
    return new NomadJobs(
        "default",
        Optional.empty(),
        canaryJob,
        index,
        deployment,
        Optional.of("api"),
        OptionalLong.of(3));
  }

  RunStatus status() {
    return status;
  }

  ShownRun submitting() {
    return moved(new Phase.SubmittingJob(time.instant()), "submitting job api-canary");
  }

  ShownRun waiting() {
    moved(
        new Phase.WaitingHealthy(time.instant(), time.instant(), Optional.empty()),
        "0 of 3 canaries healthy");
    return refreshed(
        Ledger.EMPTY.seen(
            IDS.stream()
                .map(id -> allocation(id, State.PENDING, false, Optional.empty()))
                .toList()));
  }

  ShownRun observing() {
    return moved(
        new Phase.ObservingCounters(time.instant(), Optional.empty()),
        "3 canaries are healthy, observing their counters");
  }

  ShownRun awaitingApproval() {
    return moved(
        new Phase.AwaitingApproval(time.instant(), Optional.empty()),
        numbers() + ", waiting for approval: canary promote api");
  }

  /** All canaries are healthy, and counted so much together; the errors are the second one's. */
  ShownRun counted(long requests, long errors) {
    return counted(3, requests, errors);
  }

  /** The same of more canaries. */
  ShownRun counted(int canaries, long requests, long errors) {
    var ledger =
        Ledger.EMPTY.seen(
            ids(canaries).stream()
                .map(id -> allocation(id, State.RUNNING, true, Optional.empty()))
                .toList());
    for (int i = 0; i < canaries; i++) {
      var share = requests / canaries + (i == 0 ? requests % canaries : 0);
      var read = new Reading.Counted(share, i == 1 ? errors : 0);
      ledger = ledger.read(new Reading(ids(canaries).get(i), processStart, time.instant(), read));
    }
    return refreshed(ledger);
  }

  /** The last of the canaries ran out of memory. */
  ShownRun crashed() {
    var seen = new ArrayList<AllocationSeen>();
    IDS.subList(0, 2)
        .forEach(id -> seen.add(allocation(id, State.RUNNING, true, Optional.empty())));
    seen.add(
        allocation(
            IDS.getLast(),
            State.FAILED,
            false,
            Optional.of(
                "task server: Not Restarting: Exceeded allowed attempts 0 in interval 5m")));
    return refreshed(status.ledger().seen(seen));
  }

  /** Nothing of the canaries is left. */
  ShownRun gone() {
    return refreshed(
        status
            .ledger()
            .seen(
                status.ledger().canaries().values().stream()
                    .map(
                        canary ->
                            allocation(
                                canary.allocId(),
                                canary.isFailure() ? State.FAILED : State.COMPLETE,
                                false,
                                canary.problem()))
                    .toList()));
  }

  ShownRun paused() {
    status = status.answered(true, "paused by ada: lunch", time.instant());
    return this;
  }

  ShownRun moved(Phase to, String why) {
    status = status.moved(to, why, time.instant());
    return this;
  }

  String numbers() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d requests, %,d errors, %d canaries",
        status.ledger().requests(),
        GOAL,
        status.ledger().errors(),
        status.ledger().live().size());
  }

  private ShownRun refreshed(Ledger ledger) {
    status = status.refreshed(ledger, status.nomad(), status.message(), time.instant());
    if (status.phase() instanceof Phase.ObservingCounters && ledger.requests() > 0) {
      status = status.refreshed(ledger, status.nomad(), numbers(), time.instant());
    }
    return this;
  }

  private static List<String> ids(int count) {
    var ids = new ArrayList<>(IDS.subList(0, Math.min(count, IDS.size())));
    for (int i = ids.size(); i < count; i++) {
      ids.add("%08x-4b7d-4d55-8a53-000000000000".formatted(0xa0000000L + i));
    }
    return ids;
  }

  private AllocationSeen allocation(
      String id, State state, boolean healthy, Optional<String> problem) {
    int node = 1 + Math.floorMod(ids(40).indexOf(id), 3);
    boolean started = state != State.PENDING;
    return new AllocationSeen(
        id,
        "node-" + node,
        started ? Optional.of("10.0.0.%d:21345".formatted(node)) : Optional.empty(),
        started ? Optional.of(processStart) : Optional.empty(),
        state == State.COMPLETE,
        state,
        0,
        healthy,
        problem,
        started ? events(problem.isPresent()) : List.of());
  }

  private List<TaskEvent> events(boolean crashed) {
    var started =
        new TaskEvent(
            processStart.plus(Duration.ofSeconds(4)),
            "server",
            "Started",
            "Task started by client");
    return crashed
        ? List.of(
            started,
            new TaskEvent(
                processStart.plus(Duration.ofSeconds(31)),
                "server",
                "Terminated",
                "Exit Code: 137, Exit Message: \"OOM Killed\""),
            new TaskEvent(
                processStart.plus(Duration.ofSeconds(31)),
                "server",
                "Not Restarting",
                "Exceeded allowed attempts 0 in interval 5m"))
        : List.of(started);
  }
}
