package io.canaryrun.operator;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.decision.Action;
import io.canaryrun.core.decision.Decision;
import io.canaryrun.core.decision.Reconciler;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Carries one run from where it stands to its end: observe, decide, do, and again. Holds the run's
 * lock; stops as soon as it does not.
 */
final class RunWorker {
  private static final Logger LOG = Logger.getLogger(RunWorker.class);

  /** So that a refused or unseen effect is not repeated in a tight loop. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Ports ports;
  private final OperatorSettings settings;
  private final Observer observer;
  private final Effects effects;
  private final Lease lease;
  private final Supplier<Duration> flushEvery;
  private final Scheduler.Signal news;
  private final String name;

  private RunStatus status;
  private long index;
  private Optional<Generation> generation = Optional.empty();
  private Optional<CounterWatch> watch = Optional.empty();
  private Optional<String> refusal = Optional.empty();
  private Optional<Action> lastAction = Optional.empty();
  private List<String> problems = List.of();
  private Instant flushedAt = Instant.MIN;
  private volatile Optional<String> abortAsked = Optional.empty();
  private volatile boolean stopping;
  private volatile boolean armed;
  private volatile boolean stopOrdered;

  /**
   * @param claimed the status as locked by {@code lease}
   * @param flushEvery how long progress is held back at least
   */
  RunWorker(
      Ports ports,
      OperatorSettings settings,
      Observer observer,
      Effects effects,
      Lease lease,
      StoredStatus claimed,
      RunStatus status,
      Supplier<Duration> flushEvery) {
    this.ports = ports;
    this.settings = settings;
    this.observer = observer;
    this.effects = effects;
    this.lease = lease;
    this.flushEvery = flushEvery;
    this.news = ports.scheduler().signal();
    this.name = claimed.name();
    this.status = status;
    this.index = claimed.modifyIndex();
  }

  /** Something may have changed: look at once. */
  void wake() {
    news.give();
  }

  /** Ends the work, not the run: somebody else goes on. */
  void stop() {
    stopping = true;
    news.give();
  }

  /** A person wants the run to end. */
  void abort(String why) {
    abortAsked = Optional.of(why);
    news.give();
  }

  /** Whether that job is one of this run's. */
  boolean isAbout(String jobId) {
    var jobs = status.nomad();
    return jobs.canaryJob().filter(jobId::equals).isPresent()
        || jobs.productionJob().filter(jobId::equals).isPresent();
  }

  /** Works until the run has ended or is no longer held; the lock is released at the end. */
  void work() {
    try {
      while (!stopping && !lease.isLost()) {
        var pause = tryPass();
        if (pause.isEmpty()) {
          break;
        }
        if (!pause.get().isZero()) {
          news.await(pause.get());
        }
      }
    } finally {
      watch.ifPresent(CounterWatch::stop);
      release();
    }
  }

  private void release() {
    try {
      ports.store().release(name, lease.session());
    } catch (PortFailure e) {
      LOG.warnf("run %s: lock not released, it ends with the session: %s", name, e.getMessage());
    }
  }

  /** Empty: nothing is left to do here. */
  private Optional<Duration> tryPass() {
    try {
      return pass();
    } catch (PortFailure.Unavailable e) {
      LOG.warnf("run %s: %s", name, e.getMessage());
      return reread() ? Optional.of(RETRY_AFTER) : Optional.empty();
    } catch (PortFailure.Rejected e) {
      LOG.errorf("run %s: %s", name, e.getMessage());
      return Optional.of(RETRY_AFTER);
    }
  }

  private Optional<Duration> pass() {
    if (!lease.isFresh()) {
      return Optional.of(RETRY_AFTER); // Somebody else may hold the run: do nothing.
    }
    if (status.phase().isTerminal()) {
      return Optional.empty();
    }
    begin();
    var seen = observe();
    tellProblems(seen.problems());
    var decision = Reconciler.decide(status.generation().orElse(0), status.phase(), seen);
    if (!lease.isFresh()) {
      return Optional.of(RETRY_AFTER); // Looking took too long.
    }
    return carryOut(decision, seen);
  }

  /** What a takeover needs: the generation's number, its frozen meaning, and its counters. */
  private void begin() {
    if (status.phase() instanceof Phase.Pending) {
      // Nothing is frozen: the same bytes, written anew, are the same run under their new number.
      ports
          .store()
          .definition(name)
          .filter(text -> DefinitionCodec.digest(text.text()).equals(status.digest()))
          .ifPresent(text -> status = status.numbered(text.modifyIndex()));
    }
    if (generation.isEmpty() && needsGeneration(status.phase())) {
      generation = ports.store().generation(name, status.generation().orElseThrow());
      generation.ifPresent(this::watch);
    }
  }

  private static boolean needsGeneration(Phase phase) {
    return !(phase instanceof Phase.Pending);
  }

  private void watch(Generation frozen) {
    generation = Optional.of(frozen);
    var counters = new CounterWatch(frozen, status.ledger(), ports, this::stopForErrors, news);
    watch = Optional.of(counters);
    arm();
    counters.start();
  }

  /** Called on the counters' thread, whatever this worker is waiting for. */
  private void stopForErrors(Instant readAt) {
    if (!armed || stopOrdered) {
      return;
    }
    try {
      if (effects.stopForErrors(generation.orElseThrow())) {
        stopOrdered = true;
        LOG.infof(
            "run %s: stop order accepted %d ms after the error was read",
            name, Duration.between(readAt, ports.scheduler().now()).toMillis());
      }
    } catch (PortFailure e) {
      LOG.warnf("run %s: stop order not accepted yet: %s", name, e.getMessage());
    }
  }

  /** An error stops the canary until production may have been changed. */
  private void arm() {
    armed =
        switch (status.phase()) {
          case Phase.SubmittingJob _,
              Phase.WaitingHealthy _,
              Phase.ObservingCounters _,
              Phase.AwaitingApproval _ ->
              true;
          case Phase.Promoting promoting -> armed && !promoting.deployed();
          case Phase.Pending _, Phase.Aborting _, Phase.Ended _ -> false;
        };
  }

  private Observation observe() {
    return needsGeneration(status.phase())
        ? observer.observe(
            status.phase(),
            generation.orElseThrow(
                () -> new PortFailure.Rejected("the frozen generation of the run is missing")),
            watch.orElseThrow(),
            refusal,
            abortAsked)
        : observer.beforeFreeze(status, refusal, abortAsked);
  }

  /** Each problem once, until it is over. */
  private void tellProblems(List<String> now) {
    now.stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problem -> LOG.warnf("run %s: %s", name, problem));
    problems = now;
  }

  /** With what stands in the way of seeing more. */
  private String inWords(String why) {
    return problems.stream()
        .filter(problem -> !why.contains(problem))
        .findFirst()
        .map(problem -> why + "; " + problem)
        .orElse(why);
  }

  private Optional<Duration> carryOut(Decision decision, Observation seen) {
    return switch (decision) {
      case Decision.Move(var to, var why) -> {
        refusal = Optional.empty();
        yield move(status.moved(to, inWords(why), ports.scheduler().now()), seen);
      }
      case Decision.Freeze(var frozen, var to, var why) -> freeze(frozen, to, why);
      case Decision.Act(var action) -> act(action);
      case Decision.Hold(var recheck, var why) -> {
        lastAction = Optional.empty();
        yield flush(inWords(why), seen) ? Optional.of(recheck) : Optional.empty();
      }
      case Decision.Done() -> Optional.empty();
    };
  }

  private Optional<Duration> freeze(Generation frozen, Phase to, String why) {
    var now = ports.scheduler().now();
    var next =
        status
            .moved(to, why, now)
            .frozen(
                jobs(frozen),
                frozen.spec().analysis().requests(),
                frozen.spec().analysis().faultRate());
    return writeFrozen(frozen, next, now) ? Optional.of(Duration.ZERO) : Optional.empty();
  }

  private boolean writeFrozen(Generation frozen, RunStatus next, Instant now) {
    try {
      return took(next, ports.store().freeze(frozen, next, index, lease.session()));
    } catch (PortFailure.Rejected tooLarge) {
      var ended =
          status.moved(new Phase.Ended(Reason.INVALID_DEFINITION), tooLarge.getMessage(), now);
      return write(ended);
    }
  }

  private static NomadJobs jobs(Generation frozen) {
    return new NomadJobs(
        frozen.spec().nomad().namespace(),
        frozen.spec().nomad().region(),
        Optional.of(frozen.canaryJob().id()),
        OptionalLong.empty(),
        Optional.empty(),
        frozen.productionJob().map(job -> job.id()),
        frozen
            .before()
            .map(before -> OptionalLong.of(before.version()))
            .orElse(OptionalLong.empty()));
  }

  private Optional<Duration> move(RunStatus next, Observation seen) {
    var counted = next.refreshed(seen.ledger(), jobs(seen), next.message(), next.updatedAt());
    lastAction = Optional.empty();
    if (!write(counted)) {
      return Optional.empty();
    }
    arm();
    if (status.phase() instanceof Phase.Aborting || status.phase().isTerminal()) {
      watch.ifPresent(CounterWatch::stop);
    }
    if (status.phase().isTerminal()) {
      prune();
    }
    return Optional.of(Duration.ZERO);
  }

  private void prune() {
    try {
      ports.store().prune(name, settings.historyKeep());
    } catch (PortFailure e) {
      LOG.warnf("run %s: old history stays until its next end: %s", name, e.getMessage());
    }
  }

  /** With the index that was seen last, for people. */
  private NomadJobs jobs(Observation seen) {
    return seen.canaryJob().map(CanaryJobSeen::index).orElse(OptionalLong.empty()).stream()
        .mapToObj(status.nomad()::withCanaryJobModifyIndex)
        .findFirst()
        .orElse(status.nomad());
  }

  private Optional<Duration> act(Action action) {
    var repeated = lastAction.equals(Optional.of(action));
    lastAction = Optional.of(action);
    if (action instanceof Action.RegisterProduction) {
      armed = false; // From here on only Nomad's answer leads elsewhere.
    }
    try {
      refusal = Optional.empty();
      switch (action) {
        case Action.StopLeftover(var target, var job) ->
            effects.stop(target, job, Reason.SUPERSEDED);
        case Action.InGeneration own -> effects.perform(generation.orElseThrow(), own);
      }
    } catch (PortFailure.Rejected rejected) {
      LOG.warnf("run %s: %s", name, rejected.getMessage());
      refusal = Optional.of(rejected.getMessage());
    }
    return Optional.of(repeated ? RETRY_AFTER : Duration.ZERO);
  }

  /** Progress is held back; an error is written at once. */
  private boolean flush(String why, Observation seen) {
    var changed = !seen.ledger().equals(status.ledger()) || !why.equals(status.message());
    var due = !ports.scheduler().now().isBefore(flushedAt.plus(flushEvery.get()));
    var error = seen.ledger().errors() > status.ledger().errors();
    if (!changed || !(due || error)) {
      return true;
    }
    return write(status.refreshed(seen.ledger(), jobs(seen), why, ports.scheduler().now()));
  }

  private boolean write(RunStatus next) {
    return took(next, ports.store().write(next, index, lease.session()));
  }

  /** Takes over what was written; a lost write means that somebody else may hold the run. */
  private boolean took(RunStatus next, OptionalLong newIndex) {
    if (newIndex.isEmpty()) {
      return reread();
    }
    var transition = !next.phase().word().equals(status.phase().word());
    index = newIndex.getAsLong();
    status = next;
    flushedAt = ports.scheduler().now();
    if (transition) {
      LOG.infof(
          "run %s generation %s: %s: %s", name, number(), next.phase().word(), next.message());
      ports.notifier().transition(next);
    }
    return true;
  }

  private String number() {
    return status.generation().isPresent() ? "" + status.generation().getAsLong() : "unknown";
  }

  /**
   * Reads the status anew after a write whose fate is unknown or that was refused.
   *
   * @return false: the run is not held any more
   */
  private boolean reread() {
    try {
      var stored = ports.store().status(name);
      var held =
          stored
              .filter(now -> now.lockedBy().equals(Optional.of(lease.session())))
              .flatMap(StoredStatus::status);
      held.ifPresent(
          now -> {
            status = now;
            index = stored.get().modifyIndex();
          });
      return held.isPresent();
    } catch (PortFailure e) {
      LOG.warnf("run %s: %s", name, e.getMessage());
      return true; // Not known: the next pass tries again.
    }
  }
}
