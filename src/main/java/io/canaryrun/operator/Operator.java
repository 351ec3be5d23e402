package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
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
  private boolean claimRefused;
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
    settings
        .allow()
        .searched()
        .forEach(it -> tasks.add(scheduler.start("events", () -> followEvents(it))));
    tasks.add(scheduler.start("sweep", this::sweep));
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
      claimRefused = false;
      try {
        lookForWork();
        lastPass = scheduler.now();
      } catch (PortFailure e) {
        LOG.warnf("looking for work: %s", e.getMessage());
      }
      news.await(claimRefused ? claimAgainAfter() : RESYNC);
    }
  }

  /** No news tells when a lock that was lost with its session may be taken: look when it may. */
  private Duration claimAgainAfter() {
    var delay = settings.lockDelay();
    if (delay.compareTo(WATCH_PAUSE) < 0) {
      return WATCH_PAUSE;
    }
    return delay.compareTo(RESYNC) < 0 ? delay : RESYNC;
  }

  private void lookForWork() {
    var held = lease();
    if (!held.isFresh()) {
      return;
    }
    var commands = ports.store().commands(); // Before what they may be about.
    var definitions = byName(ports.store().definitions(), StoredDefinition::name);
    var statuses = byName(ports.store().statuses(), StoredStatus::name);
    var names = new TreeSet<>(definitions.keySet());
    names.addAll(statuses.keySet());
    commands.entrySet().stream()
        .filter(
            run ->
                !Work.isDue(
                    Optional.ofNullable(definitions.get(run.getKey())),
                    Optional.ofNullable(statuses.get(run.getKey()))))
        .flatMap(run -> run.getValue().stream().map(late -> Map.entry(run.getKey(), late)))
        .limit(MAX_LATE_COMMANDS)
        .forEach(late -> removeLate(late.getKey(), late.getValue()));
    for (var name : names) {
      if (stopping || workers.size() >= settings.maxRuns()) {
        return;
      }
      if (!workers.containsKey(name)) {
        Work.in(
                name,
                Optional.ofNullable(definitions.get(name)),
                Optional.ofNullable(statuses.get(name)),
                held.session())
            .ifPresent(work -> claim(held, work));
      }
    }
  }

  private void removeLate(String name, Command command) {
    LOG.warnf("run %s: command %s removed, the run has ended", name, command.action());
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
        .ifPresentOrElse(claimed -> begin(held, claimed, status), () -> claimRefused = true);
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
    var told = "";
    while (!stopping) {
      try {
        ports.cluster().followEvents(namespace, this::wake, WATCH_AT_MOST);
        told = "";
      } catch (PortFailure e) {
        var refused = e instanceof PortFailure.Rejected && !e.getMessage().equals(told);
        LOG.logf(refused ? Logger.Level.WARN : Logger.Level.DEBUG, "%s", e.getMessage());
        told = e.getMessage();
      }
      pause(WATCH_PAUSE);
    }
  }

  private void wake(String jobId) {
    workers.values().stream().filter(run -> run.isAbout(jobId)).forEach(RunWorker::wake);
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
