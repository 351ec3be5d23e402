package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Line;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

  /** Commands for ended runs that are removed in one look; the rest must not hold up the runs. */
  static final int MAX_LATE_COMMANDS = 20;

  static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

  /** Of a blocking query and of an event stream; then it begins anew. */
  static final Duration WATCH_AT_MOST = Duration.ofMinutes(1);

  /** After Nomad refused its events: somebody has to give permission first. */
  static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

  /** After a failure, and between two answers of a watch: a busy KV must not keep us busy. */
  static final Duration WATCH_PAUSE = Duration.ofMillis(500);

  private final Ports ports;
  private final OperatorSettings settings;
  private final Scheduler scheduler;
  private final Scheduler.Signal news;
  private final Map<String, RunWorker> workers = new ConcurrentSkipListMap<>();
  private final List<Scheduler.Task> tasks = new ArrayList<>();
  private final Map<String, Scheduler.Task> runs = new ConcurrentSkipListMap<>();
  private volatile Optional<Assembly> assembly = Optional.empty();
  private volatile boolean stopping;
  private volatile Optional<Lease> lease = Optional.empty();
  private volatile Instant lastPass = Instant.MIN;

  public Operator(Ports ports, OperatorSettings settings) {
    this.ports = ports;
    this.settings = settings;
    this.scheduler = ports.scheduler();
    this.news = scheduler.signal();
  }

  /** Starts working, and returns. */
  public void start() {
    tasks.add(scheduler.start("operator", this::loop));
    tasks.add(scheduler.start("lease", this::renew));
    tasks.add(scheduler.start("definitions", this::watchDefinitions));
    tasks.add(scheduler.start("statuses", this::watchStatuses));
    followed().forEach(it -> tasks.add(scheduler.start("events", () -> followEvents(it))));
    tasks.add(scheduler.start("sweep", this::sweep));
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
    news.give();
    tasks.getFirst().join(); // From here on nothing is claimed.
    workers.values().forEach(RunWorker::stop);
    runs.values().forEach(Scheduler.Task::join);
    tasks.forEach(Scheduler.Task::interrupt);
    lease.ifPresent(Lease::destroy);
  }

  /** When everything was last looked at, for health. */
  public Instant lastPass() {
    return lastPass;
  }

  /** How many runs are held. */
  public int activeRuns() {
    return workers.size();
  }

  private void loop() {
    while (!stopping) {
      try {
        lookForWork();
        lastPass = scheduler.now();
      } catch (PortFailure e) {
        LOG.warnf("looking for work: %s", e.getMessage());
      }
      news.await(RESYNC);
    }
  }

  private void lookForWork() {
    var held = lease();
    if (!held.isFresh()) {
      return;
    }
    var definitions = byName(ports.store().definitions(), StoredDefinition::name);
    var statuses = byName(ports.store().statuses(), StoredStatus::name);
    claimAll(held, definitions, statuses);
    removeLate(
        name ->
            !stopping
                && !Work.isDue(
                    Optional.ofNullable(definitions.get(name)),
                    Optional.ofNullable(statuses.get(name)))
                && !isDueNow(name));
  }

  private void claimAll(
      Lease held, Map<String, StoredDefinition> definitions, Map<String, StoredStatus> statuses) {
    var names = new TreeSet<>(definitions.keySet());
    names.addAll(statuses.keySet());
    for (var name : names) {
      if (stopping || workers.size() >= settings.maxRuns()) {
        return;
      }
      if (!workers.containsKey(name)) {
        var status = Optional.ofNullable(statuses.get(name));
        Work.in(name, Optional.ofNullable(definitions.get(name)), status, held.session())
            .ifPresentOrElse(work -> claim(held, work), () -> releaseForgotten(held, status));
      }
    }
  }

  /** Since the command was read: a run may have begun after all of them were looked at. */
  private boolean isDueNow(String name) {
    return Work.isDue(ports.store().definition(name), ports.store().status(name));
  }

  /** Last, and whatever comes of it: anybody may write commands, so many that none can be read. */
  private void removeLate(Predicate<String> hasEnded) {
    try {
      ports.store().commands().entrySet().stream()
          .filter(run -> hasEnded.test(run.getKey()))
          .flatMap(run -> run.getValue().stream().map(late -> Map.entry(run.getKey(), late)))
          .limit(MAX_LATE_COMMANDS)
          .forEach(late -> removeLate(late.getKey(), late.getValue()));
    } catch (PortFailure e) {
      LOG.warnf("commands for ended runs stay: %s", e.getMessage());
    }
  }

  private void removeLate(String name, Command command) {
    LOG.warnf(
        "run %s: command %s removed, the run has ended", Line.of(name), Line.of(command.action()));
    ports.store().removeCommand(name, command);
  }

  private static <T> Map<String, T> byName(List<T> values, Function<T, String> name) {
    return values.stream().collect(Collectors.toMap(name, Function.identity()));
  }

  /** A session that was lost is followed by a new one once its workers have ended. */
  private Lease lease() {
    if (assembly.isEmpty()) {
      assembly = Optional.of(Assembly.of(ports, settings, ports.leases().datacenter()));
    }
    if (lease.isEmpty() || (lease.get().isLost() && workers.isEmpty())) {
      lease = Optional.of(Lease.open(ports.leases(), scheduler, settings));
    }
    return lease.get();
  }

  private void claim(Lease held, Work work) {
    var begun = work.begin(scheduler.now(), new Owner(settings.instance(), held.session()));
    var status = ended(begun).orElse(begun);
    ports
        .store()
        .claim(work.name(), work.seen(), status, held.session())
        .ifPresent(claimed -> begin(held, claimed, status));
  }

  /** Its worker has ended, and Consul did not answer when it gave the lock back. */
  private void releaseForgotten(Lease held, Optional<StoredStatus> ended) {
    ended
        .filter(status -> status.lockedBy().equals(Optional.of(held.session())))
        .ifPresent(status -> ports.store().release(status.name(), held.session()));
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
    runs.put(name, scheduler.start("run-" + name, () -> work(name, worker)));
  }

  private void work(String name, RunWorker worker) {
    try {
      worker.work();
    } finally {
      workers.remove(name);
      news.give(); // A new generation may be waiting.
    }
  }

  /** Keeps the writes of all runs together within their budget. */
  private Duration flushEvery() {
    var seconds = Math.max(1.0, workers.size() / (double) settings.statusWritesPerSecond());
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private void renew() {
    while (!stopping) {
      lease.filter(held -> !held.isLost()).ifPresent(Lease::renew);
      if (lease.filter(Lease::isLost).isPresent()) {
        workers.values().forEach(RunWorker::wake);
        news.give();
      }
      pause(Lease.renewEvery(settings));
    }
  }

  private void watchDefinitions() {
    watch(
        ports.store()::awaitDefinitionChange,
        () -> {
          news.give();
          workers.values().forEach(RunWorker::wake);
        });
  }

  /** A run may have ended or lost its owner; the owners' own progress is no news to them. */
  private void watchStatuses() {
    watch(ports.store()::awaitStatusChange, news::give);
  }

  /** A blocking query. */
  private interface Watch {
    long await(long after, Duration atMost);
  }

  private void watch(Watch query, Runnable onChange) {
    long index = 0;
    while (!stopping) {
      try {
        var next = query.await(index, WATCH_AT_MOST);
        if (next != index) {
          index = next;
          onChange.run();
        }
      } catch (PortFailure e) {
        LOG.debugf("watch: %s", e.getMessage());
      }
      pause(WATCH_PAUSE);
    }
  }

  private void pause(Duration length) {
    scheduler.signal().await(length);
  }

  /** Without them, runs go on all the same, only that nothing wakes them before their time. */
  private void followEvents(String namespace) {
    var told = false;
    while (!stopping) {
      var pause = WATCH_PAUSE;
      try {
        ports.cluster().followEvents(namespace, this::wake, WATCH_AT_MOST);
        told = false;
      } catch (PortFailure.Rejected e) {
        LOG.log(told || stopping ? Logger.Level.DEBUG : Logger.Level.WARN, e.getMessage());
        told = true;
        pause = REFUSED_PAUSE;
      } catch (PortFailure e) {
        LOG.debug(e.getMessage());
      }
      pause(pause);
    }
  }

  private void wake(String jobId) {
    workers.forEach(
        (name, run) -> {
          if (run.isAbout(jobId)) {
            LOG.debugf("event of job %s wakes run %s", jobId, Line.of(name));
            run.wake();
          }
        });
  }

  private void sweep() {
    while (!stopping) {
      pause(SWEEP_EVERY);
      if (!stopping && lease.filter(Lease::isFresh).isPresent()) {
        assembly.orElseThrow().sweep().sweep();
        assembly.orElseThrow().retention().sweep();
      }
    }
  }
}
