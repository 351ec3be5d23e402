package io.canaryrun.operator;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.decision.Action;
import io.canaryrun.core.decision.Decision;
import io.canaryrun.core.decision.Reconciler;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Line;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  private final Effects effects;
  private final Lease lease;
  private final HeldStatus status;
  private final Vitals vitals;
  private final Supplier<Duration> flushEvery;
  private final Scheduler.Signal news;
  private final CommandBudget budget;
  private final Setbacks setbacks;
  private final String name;
  private final String shown;

  private Observer observer;
  private Optional<Watched> watched = Optional.empty();
  private Optional<String> refusal = Optional.empty();
  private Optional<String> denied = Optional.empty();
  private Optional<Action> lastAction = Optional.empty();

  /** Nomad may have changed production: from then on, only its answer leads elsewhere. */
  private boolean productionSent;

  private List<String> problems = List.of();
  private volatile Optional<String> abortAsked = Optional.empty();
  private volatile boolean stopping;
  private Scheduler.Task task;

  /** A frozen generation, its counters, and what their errors lead to. */
  private record Watched(Generation generation, CounterWatch counters, StopOrder stopOrder) {}

  /**
   * @param status as locked by {@code lease}
   * @param vitals where its threads show that they get on
   * @param flushEvery how long progress is held back at least
   */
  RunWorker(
      Ports ports,
      OperatorSettings settings,
      Observer observer,
      Effects effects,
      Lease lease,
      HeldStatus status,
      Vitals vitals,
      Supplier<Duration> flushEvery) {
    this.ports = ports;
    this.settings = settings;
    this.observer = observer;
    this.effects = effects;
    this.lease = lease;
    this.status = status;
    this.vitals = vitals;
    this.flushEvery = flushEvery;
    this.news = ports.scheduler().signal();
    this.name = status.name();
    this.shown = Line.of(name);
    this.budget = new CommandBudget(shown, ports.scheduler());
    this.setbacks = new Setbacks("run " + shown);
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
    var jobs = status.now().nomad();
    return jobs.canaryJob().filter(jobId::equals).isPresent()
        || jobs.productionJob().filter(jobId::equals).isPresent();
  }

  /**
   * Works on a thread of its own.
   *
   * @param onEnd done there in the end, whatever happened
   */
  void start(Runnable onEnd) {
    task =
        ports
            .scheduler()
            .start(
                "run-" + name,
                () -> {
                  try {
                    work();
                  } finally {
                    onEnd.run();
                  }
                });
  }

  /** Waits until the thread that was started has ended. */
  void join() {
    task.join();
  }

  /** Works until the run has ended or is no longer held; the lock is released at the end. */
  void work() {
    var pulse = vitals.open("run-" + name);
    observer = observer.telling(pulse::step);
    try {
      while (!stopping && !lease.isLost()) {
        var pause = tryPass();
        if (pause.isEmpty()) {
          break;
        }
        if (pause.get().isZero()) {
          pulse.passed();
        } else {
          pulse.rest(news, pause.get());
        }
      }
    } finally {
      end(pulse);
    }
  }

  private void end(Pulse pulse) {
    try {
      stopCounters();
      keepErrors();
      if (status.now().phase().isTerminal()) {
        prune();
      }
    } finally {
      release(pulse);
    }
  }

  private void release(Pulse pulse) {
    try {
      status.release();
    } finally {
      vitals.close(pulse);
    }
  }

  /** Read since the last pass: whoever goes on may find another process there. */
  private void keepErrors() {
    var now = status.now();
    try {
      if (lease.isFresh() && !now.phase().isTerminal() && watched.isPresent()) {
        var ledger = watched.get().counters().ledger();
        if (ledger.errors() > now.ledger().errors()) {
          var at = ports.scheduler().now();
          status.write(now.refreshed(ledger, now.nomad(), now.message(), at), Optional.empty());
        }
      }
    } catch (PortFailure e) {
      LOG.warnf("run %s: errors read last are not persisted: %s", shown, e.getMessage());
    }
  }

  private void stopCounters() {
    watched.ifPresent(it -> it.counters().stop());
  }

  /** Empty: nothing is left to do here. */
  private Optional<Duration> tryPass() {
    try {
      var pause = pass();
      setbacks.over();
      return pause;
    } catch (PortFailure.Unavailable e) {
      LOG.warnf("run %s: %s", shown, e.getMessage());
      return status.reread() ? Optional.of(RETRY_AFTER) : Optional.empty();
    } catch (PortFailure.Rejected e) {
      return Optional.of(setbacks.refused(e));
    } catch (RuntimeException e) {
      // Given back, it would only be claimed again at once, here or by another daemon.
      return Optional.of(setbacks.failed(e));
    }
  }

  private Optional<Duration> pass() {
    if (!lease.isFresh()) {
      return Optional.of(RETRY_AFTER); // Somebody else may hold the run: do nothing.
    }
    if (status.now().phase().isTerminal()) {
      return Optional.empty();
    }
    begin();
    var seen = withinBudget(observe());
    tellProblems(Stream.concat(denied.stream(), seen.problems().stream()).toList());
    var decision =
        Reconciler.decide(
            status.now().generation().orElse(0), status.now().phase(), status.now().paused(), seen);
    if (!lease.isFresh()) {
      return Optional.of(RETRY_AFTER); // Looking took too long.
    }
    return carryOut(decision, seen);
  }

  /** What a takeover needs: the generation's number, its frozen meaning, and its counters. */
  private void begin() {
    if (status.now().phase() instanceof Phase.Pending) {
      // Nothing is frozen: the same bytes, written anew, are the same run under their new number.
      ports
          .store()
          .definition(name)
          .filter(text -> DefinitionCodec.digest(text.text()).equals(status.now().digest()))
          .ifPresent(text -> status.number(text.modifyIndex()));
    } else if (watched.isEmpty()) {
      watched = frozen().map(this::watch);
    }
  }

  /** Empty: somebody removed it or wrote over it. */
  private Optional<Generation> frozen() {
    try {
      return ports.store().generation(name, status.now().generation().orElseThrow());
    } catch (PortFailure.Corrupt corrupt) {
      LOG.warnf("run %s: %s", shown, corrupt.getMessage());
      return Optional.empty();
    }
  }

  private Watched watch(Generation frozen) {
    if (status.now().nomad().equals(NomadJobs.UNKNOWN)) {
      status.describe(frozen);
    }
    var stopOrder = new StopOrder(frozen, status.now().phase(), effects, ports.scheduler());
    var counters =
        new CounterWatch(frozen, status.now().ledger(), ports, vitals, stopOrder::give, news);
    counters.start();
    return new Watched(frozen, counters, stopOrder);
  }

  private Observation observe() {
    if (status.now().phase() instanceof Phase.Pending) {
      return observer.beforeFreeze(status.now(), refusal, abortAsked);
    }
    return watched
        .map(
            it ->
                observer.observe(
                    status.now().phase(), it.generation(), it.counters(), refusal, abortAsked))
        .orElseGet(() -> observer.afterLoss(status.now(), refusal));
  }

  private Observation withinBudget(Observation seen) {
    long generation = status.now().generation().orElse(0);
    return seen.withCommands(seen.commands().map(all -> budget.within(all, generation)));
  }

  /** Each problem once, until it is over. */
  private void tellProblems(List<String> now) {
    now.stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problem -> LOG.warnf("run %s: %s", shown, problem));
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
      case Decision.Move(var to, var why, var heeded) -> {
        refusal = Optional.empty();
        denied = Optional.empty();
        var next = status.now().moved(to, inWords(why), ports.scheduler().now());
        yield move(next, heeded, seen);
      }
      case Decision.Answer(var command, var paused, var what) -> answer(command, paused, what);
      case Decision.Freeze(var frozen, var to, var why) -> freeze(frozen, to, why);
      case Decision.Act(var action) -> act(action, seen);
      case Decision.Hold(var recheck, var why) -> {
        lastAction = Optional.empty();
        denied = Optional.empty();
        yield flush(inWords(why), seen) ? Optional.of(recheck) : Optional.empty();
      }
      case Decision.Done() -> Optional.empty();
    };
  }

  private Optional<Duration> freeze(Generation frozen, Phase to, String why) {
    var now = ports.scheduler().now();
    var next = HeldStatus.described(status.now().moved(to, why, now), frozen);
    return status.freeze(frozen, next) ? Optional.of(Duration.ZERO) : Optional.empty();
  }

  private Optional<Duration> answer(Command command, boolean paused, String what) {
    LOG.infof("run %s generation %s: %s", shown, status.generation(), what);
    budget.spend();
    var next = status.now().answered(paused, what, ports.scheduler().now());
    return status.write(next, Optional.of(command)) ? Optional.of(Duration.ZERO) : Optional.empty();
  }

  private Optional<Duration> move(RunStatus next, Optional<Command> heeded, Observation seen) {
    var counted = next.refreshed(seen.ledger(), jobs(seen), next.message(), next.updatedAt());
    lastAction = Optional.empty();
    if (!status.write(counted, budget.removed(heeded))) {
      return Optional.empty();
    }
    var phase = status.now().phase();
    watched.ifPresent(it -> it.stopOrder().entered(phase));
    if (phase instanceof Phase.Aborting || phase.isTerminal()) {
      stopCounters();
    }
    return Optional.of(Duration.ZERO);
  }

  private void prune() {
    try {
      ports.store().prune(name, settings.historyKeep());
    } catch (PortFailure e) {
      LOG.warnf("run %s: old history stays until its next end: %s", shown, e.getMessage());
    }
  }

  /** With the index or the deployment that was seen last, for people. */
  private NomadJobs jobs(Observation seen) {
    var jobs = status.now().nomad();
    var index = seen.canaryJob().map(CanaryJobSeen::index).orElse(OptionalLong.empty());
    if (index.isPresent()) {
      return jobs.withCanaryJobModifyIndex(index.getAsLong());
    }
    return seen.production()
        .map(RunWorker::deployment)
        .orElse(Optional.empty())
        .map(jobs::withDeploymentId)
        .orElse(jobs);
  }

  private static Optional<String> deployment(ProductionSeen production) {
    return production instanceof ProductionSeen.Ours ours
        ? ours.rollout().unpromoted()
        : Optional.empty();
  }

  private Optional<Duration> act(Action action, Observation seen) {
    var repeated = lastAction.equals(Optional.of(action));
    lastAction = Optional.of(action);
    try {
      refusal = Optional.empty();
      denied = Optional.empty();
      switch (action) {
        case Action.StopLeftover(var target, var job, var why) -> effects.stop(target, job, why);
        case Action.FailLeftover(var target, var deployment) -> effects.fail(target, deployment);
        case Action.ReturnLeftover(var ended) -> effects.takeBack(ended);
        case Action.RegisterProduction own -> registerProduction(watched.orElseThrow(), own, seen);
        case Action.InGeneration own -> effects.perform(watched.orElseThrow().generation(), own);
      }
    } catch (PortFailure.Denied missing) {
      return awaitPermission(missing.getMessage(), action, seen);
    } catch (PortFailure.Rejected rejected) {
      LOG.warnf("run %s: %s", shown, rejected.getMessage());
      refusal = Optional.of(rejected.getMessage());
    }
    return Optional.of(repeated ? RETRY_AFTER : Duration.ZERO);
  }

  /** Errors win that were read before Nomad was asked. */
  private void registerProduction(Watched of, Action.RegisterProduction action, Observation seen) {
    if (!productionSent && of.counters().verdict().isBad()) {
      of.stopOrder().rearm();
      of.stopOrder().give(seen.at());
    } else {
      of.stopOrder().disarm();
      productionSent = true; // Also where no answer comes back.
      productionSent = effects.perform(of.generation(), action);
    }
  }

  /**
   * Somebody may give the permission (back): the run waits for it, bounded by its deadlines. Where
   * not even a tombstone may be registered, nothing else may be, either.
   */
  private Optional<Duration> awaitPermission(String missing, Action action, Observation seen) {
    denied = Optional.of(missing);
    refusal = action instanceof Action.StopCanary ? denied : Optional.empty();
    if (action instanceof Action.RegisterProduction) {
      productionSent = false;
      watched.orElseThrow().stopOrder().rearm();
    }
    return flush(missing + "; the run waits for it", seen)
        ? Optional.of(RETRY_AFTER)
        : Optional.empty();
  }

  /** Progress is held back; an error is written at once. */
  private boolean flush(String why, Observation seen) {
    var now = status.now();
    var changed = !seen.ledger().equals(now.ledger()) || !why.equals(now.message());
    var due = !ports.scheduler().now().isBefore(status.writtenAt().plus(flushEvery.get()));
    var error = seen.ledger().errors() > now.ledger().errors();
    if (!changed || !(due || error)) {
      return true;
    }
    var next = now.refreshed(seen.ledger(), jobs(seen), why, ports.scheduler().now());
    return status.write(next, Optional.empty());
  }
}
