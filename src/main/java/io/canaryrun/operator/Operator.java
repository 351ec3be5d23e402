package io.canaryrun.operator;

import io.canaryrun.core.observation.Line;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The daemon: finds runs that nobody holds, claims them, and has a worker carry each to its end.
 *
 * <p>News only wake it; what there is to do is found by looking at everything anew.
 */
public final class Operator {
  private static final Logger LOG = Logger.getLogger(Operator.class);

  /** How often everything is looked at without news. */
  static final Duration RESYNC = Duration.ofSeconds(5);

  /** After a claim that was refused: the lock of somebody who died is not free at once. */
  static final Duration CLAIM_AGAIN = Duration.ofMillis(500);

  static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

  /** By which a daemon that does not reach Nomad claims later than those that do. */
  static final Duration CUT_OFF_DELAY = Duration.ofSeconds(2);

  private final Ports ports;
  private final OperatorSettings settings;
  private final Scheduler scheduler;
  private final Scheduler.Signal news;
  private final Scheduler.Signal turn;
  private final ClaimPace claims;
  private final Map<String, RunWorker> workers = new ConcurrentSkipListMap<>();
  private final List<Scheduler.Task> tasks = new ArrayList<>();
  private final Vitals vitals;
  private final Watches watches;
  private final Membership membership;
  private final LateCommands lateCommands;
  private final Overview overview;
  private final Reach reach;
  private volatile Optional<Assembly> assembly = Optional.empty();
  private volatile boolean stopping;
  private volatile Optional<Lease> lease = Optional.empty();

  /**
   * @param self how it shows itself
   */
  public Operator(Ports ports, OperatorSettings settings, Member self) {
    this.ports = ports;
    this.settings = settings;
    this.scheduler = ports.scheduler();
    this.news = scheduler.signal();
    this.turn = scheduler.signal();
    this.claims = new ClaimPace(scheduler.random());
    this.vitals = new Vitals(scheduler);
    this.watches = new Watches(ports, new Wakes());
    this.membership = new Membership(ports.store(), self);
    this.lateCommands = new LateCommands(ports.store());
    this.overview = new Overview(ports.store(), scheduler, RESYNC);
    this.reach = new Reach(ports.cluster(), scheduler);
  }

  /** What is woken by news. */
  private final class Wakes implements Watches.Listener {
    @Override
    public void definitionsChanged() {
      overview.definitionsChanged();
      news.give();
      workers.values().forEach(RunWorker::wake);
    }

    @Override
    public void statusesChanged() {
      news.give();
    }

    @Override
    public void jobChanged(String jobId) {
      workers.forEach(
          (name, run) -> {
            if (run.isAbout(jobId)) {
              LOG.debugf("event of job %s wakes run %s", jobId, Line.of(name));
              run.wake();
            }
          });
    }
  }

  /** Starts working, and returns. */
  public void start() {
    start("operator", this::loop);
    start("lease", this::renew);
    start("definitions", watches::definitions);
    start("statuses", watches::statuses);
    followed().forEach(it -> start("events-" + it, pulse -> watches.events(it, pulse)));
    start("nomad", this::reach);
    start("sweep", this::sweep);
  }

  private void start(String name, Consumer<Pulse> work) {
    tasks.add(
        scheduler.start(
            name,
            () -> {
              var pulse = vitals.open(name);
              try {
                work.accept(pulse);
              } finally {
                if (stopping) {
                  vitals.close(pulse); // Else it stays, and tells that nobody does this work.
                }
              }
            }));
  }

  /** Each takes a connection for good. Without events, runs are looked at when it is time. */
  private List<String> followed() {
    var namespaces = settings.allow().searched();
    if (namespaces.size() <= Cluster.MAX_EVENT_STREAMS) {
      return namespaces;
    }
    LOG.infof(
        "events of Nomad are not followed: %d namespaces are allowed, at most %d are followed",
        namespaces.size(), Cluster.MAX_EVENT_STREAMS);
    return List.of();
  }

  /** Ends all work, releases the locks, and destroys the session: others go on at once. */
  public void stop() {
    stopping = true;
    watches.stop();
    news.give();
    turn.give();
    tasks.getFirst().join(); // From here on nothing is claimed.
    var last = List.copyOf(workers.values());
    last.forEach(RunWorker::stop);
    last.forEach(RunWorker::join);
    tasks.forEach(Scheduler.Task::interrupt);
    lease.map(Lease::session).ifPresent(membership::leave);
    lease.ifPresent(Lease::destroy);
  }

  /** When all runs were last looked at, so when Consul answered, for people. Empty: never. */
  public Optional<Instant> lastLook() {
    return overview.lastLook();
  }

  /** How long ago that was, whatever was done to the clock. Empty: never. */
  public Optional<Duration> sinceLastLook() {
    return overview.sinceLastLook();
  }

  /** Whether Nomad has answered, and goes on doing so. */
  public boolean reachesNomad() {
    return reach.lastAnswer().isPresent() && !reach.isCutOff();
  }

  /** When Nomad answered last, for people. Empty: never. */
  public Optional<Instant> lastAnswerOfNomad() {
    return reach.lastAnswer();
  }

  /** Whether its threads get on. */
  public Vitals vitals() {
    return vitals;
  }

  /** How many runs are held. */
  public int activeRuns() {
    return workers.size();
  }

  private void loop(Pulse pulse) {
    while (!stopping) {
      var next = RESYNC;
      try {
        next = lookForWork(pulse);
      } catch (PortFailure e) {
        LOG.warnf("looking for work: %s", e.getMessage());
      }
      pulse.rest(news, next);
    }
  }

  /**
   * @return how soon to look again without news
   */
  private Duration lookForWork(Pulse pulse) {
    var held = lease();
    if (!held.isFresh()) {
      return RESYNC;
    }
    membership.show(held.session());
    giveUpUnlessInReach(held);
    var look = overview.look();
    look.forgotten(workers.keySet(), held.session())
        .forEach(name -> ports.store().release(name, held.session()));
    var next = claim(held, look.free(workers.keySet(), held.session()), pulse);
    if (overview.isWhole()) {
      lateCommands.remove(look, pulse);
    }
    return next;
  }

  /** Others that reach Nomad carry the runs on; with nobody else there, they stay. */
  private void giveUpUnlessInReach(Lease held) {
    if (workers.isEmpty() || !reach.isTimeToGiveUp() || !membership.hasOthers(held.session())) {
      return;
    }
    reach.gaveUp();
    LOG.warnf("%d runs are left to other daemons, which may reach Nomad", workers.size());
    workers.values().forEach(RunWorker::stop);
  }

  private Duration claim(Lease held, List<Work> free, Pulse pulse) {
    var found =
        reach.isCutOff() ? scheduler.monotonic().plus(CUT_OFF_DELAY) : scheduler.monotonic();
    var next = RESYNC;
    for (var work : claims.shuffled(free)) {
      await(found.plus(claims.delay(workers.size())));
      if (stopping || workers.size() >= settings.maxRuns()) {
        break;
      }
      if (!claim(held, work)) {
        next = CLAIM_AGAIN;
      }
      pulse.step();
    }
    return next;
  }

  private void await(Duration time) {
    var rest = time.minus(scheduler.monotonic());
    if (rest.isPositive() && !stopping) {
      turn.await(rest);
    }
  }

  /** A session that was lost is followed by a new one once its workers have ended. */
  private Lease lease() {
    if (assembly.isEmpty()) {
      assembly = Optional.of(Assembly.of(ports, settings, ports.leases().datacenter(), vitals));
    }
    if (lease.isEmpty() || (lease.get().isLost() && workers.isEmpty())) {
      lease = Optional.of(Lease.open(ports.leases(), scheduler, settings));
    }
    return lease.get();
  }

  /**
   * @return false: somebody was faster, or it cannot be taken yet
   */
  private boolean claim(Lease held, Work work) {
    var begun = work.begin(scheduler.now(), new Owner(settings.instance(), held.session()));
    var status = ended(begun).orElse(begun);
    var claimed = ports.store().claim(work.name(), work.seen(), status, held.session());
    claimed.ifPresent(now -> begin(held, now, status));
    return claimed.isPresent();
  }

  /** Somebody removed the status of an ended generation: the history still knows it. */
  private Optional<RunStatus> ended(RunStatus begun) {
    return begun.phase() instanceof Phase.Pending
        ? ports.store().history(begun.name()).stream()
            .filter(past -> past.generation().equals(begun.generation()))
            .findFirst()
        : Optional.empty();
  }

  private void begin(Lease held, StoredStatus claimed, RunStatus status) {
    var name = claimed.name();
    var worker = assembly.orElseThrow().worker(held, claimed, status, this::flushEvery);
    workers.put(name, worker);
    worker.start(
        () -> {
          workers.remove(name);
          news.give(); // A new generation may be waiting.
        });
  }

  /** Keeps the writes of all runs together within their budget. */
  private Duration flushEvery() {
    var seconds = Math.max(1.0, workers.size() / (double) settings.statusWritesPerSecond());
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private void renew(Pulse pulse) {
    while (!stopping) {
      lease.filter(held -> !held.isLost()).ifPresent(Lease::renew);
      if (lease.filter(Lease::isLost).isPresent()) {
        workers.values().forEach(RunWorker::wake);
        news.give();
      }
      pulse.rest(scheduler.signal(), Lease.renewEvery(settings));
    }
  }

  private void reach(Pulse pulse) {
    while (!stopping) {
      pulse.rest(scheduler.signal(), reach.ask());
    }
  }

  private void sweep(Pulse pulse) {
    while (!stopping) {
      pulse.rest(scheduler.signal(), SWEEP_EVERY);
      if (!stopping && lease.filter(Lease::isFresh).isPresent()) {
        assembly.orElseThrow().sweep().sweep(pulse::step);
        assembly.orElseThrow().retention().sweep(pulse::step);
        membership.tidy();
      }
    }
  }
}
