package io.canaryrun.simulation;

import io.canaryrun.core.analysis.Reading.Result;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.fake.FakeConsul;
import io.canaryrun.fake.FakeCounters;
import io.canaryrun.fake.FakeNomad;
import io.canaryrun.operator.AllowList;
import io.canaryrun.operator.Operator;
import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.CounterSource;
import io.canaryrun.port.Leases;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.ServiceCatalog;
import io.canaryrun.simulation.SimulatedTime.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One simulated world: the real operator on fake Consul, Nomad and counters, on a virtual clock.
 */
final class World implements AutoCloseable {
  static final String RUN = "api";

  final SimulatedTime time = new SimulatedTime();
  final Network network = new Network(time);

  /** So that a test need not simulate a month. */
  static final Duration KEEP_DELETED = Duration.ofMinutes(10);

  /** Of one daemon. */
  static final int MAX_RUNS = 10;

  private final Scenario scenario;

  /** How late what a scenario plans comes, compared with what it says. */
  double delay = 1;

  /** Of Nomad, that definitions may use. */
  List<String> namespaces = List.of("default");

  /** What comes of reads. */
  UnaryOperator<Result> readings = read -> read;

  final FakeConsul consul;
  final FakeNomad nomad;
  final FakeCounters counters;
  private final BiFunction<World, Ports, Ports> planted;
  private final Map<Machine, Operator> operators = new HashMap<>();

  /** The daemon that opened each session. */
  private final Map<String, String> sessions = new HashMap<>();

  private List<Watchdog.Stuck> stuck = List.of();

  World(Scenario scenario) {
    this(scenario, (_, ports) -> ports);
  }

  /**
   * @param planted what is wrong with the daemons
   */
  World(Scenario scenario, BiFunction<World, Ports, Ports> planted) {
    this.planted = planted;
    this.scenario = scenario;
    consul = new FakeConsul(time);
    consul.onChange(network::wake);
    network.watch(this::witness);
    nomad = new FakeNomad(time, scenario::behaviour, consul);
    counters =
        new FakeCounters(
            time,
            nomad,
            allocation -> readings.apply(scenario.traffic(allocation, time.instant())));
    nomad.userRegister(scenario.production());
    settle(Duration.ofSeconds(10));
    consul.userWrites(RUN, scenario.definition());
  }

  /** Starts a daemon on a machine of its own. */
  Machine startDaemon(String name) {
    var machine = new Machine(name);
    var scheduler = new SimulatedScheduler(time, machine);
    var ports =
        new Ports(
            network.reach(RunStore.class, consul, machine),
            network.reach(Leases.class, consul, machine),
            network.reach(Cluster.class, nomad, machine),
            network.reach(ServiceCatalog.class, consul, machine),
            network.reach(CounterSource.class, counters, machine),
            status -> {},
            scheduler);
    var operator =
        new Operator(
            planted.apply(this, ports),
            settings(name),
            new Member(name, "1.0.0", time.instant(), Optional.of("node-of-" + name)));
    operators.put(machine, operator);
    time.start(machine, "main", operator::start);
    time.start(machine, "watchdog", () -> watch(operator, scheduler));
    return machine;
  }

  private void witness(String port, Object answer, Machine machine) {
    if (port.equals("Leases.open") && answer instanceof String session) {
      sessions.put(session, machine.name);
    }
  }

  /** The daemon that holds a run's lock. */
  Optional<String> holder(String run) {
    return consul.lockHolder(run).map(sessions::get);
  }

  /** As the real one, but that it goes on. */
  private void watch(Operator operator, SimulatedScheduler scheduler) {
    var watchdog = new Watchdog(operator.vitals(), scheduler);
    while (true) {
      stuck = stuck.isEmpty() ? watchdog.check() : stuck;
      scheduler.signal().await(Watchdog.EVERY);
    }
  }

  /** What the first watchdog found that found anything. */
  List<Watchdog.Stuck> stuck() {
    return stuck;
  }

  Operator operator(Machine machine) {
    return operators.get(machine);
  }

  /** SIGTERM: the daemon gives back what it holds, and exits. */
  void terminate(Machine machine) {
    time.start(
        machine,
        "stop",
        () -> {
          operators.get(machine).stop();
          machine.crash();
        });
  }

  private OperatorSettings settings(String name) {
    return new OperatorSettings(
        name,
        "canary/",
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        MAX_RUNS,
        20,
        KEEP_DELETED,
        50,
        new AllowList(namespaces, List.of("*"), List.of("docker"), List.of()));
  }

  /** Does what a scenario plans, from outside. */
  void at(Duration sinceNow, Runnable event) {
    after(Duration.ofMillis((long) (sinceNow.toMillis() * delay)), event);
  }

  /** Does something after exactly that time, from outside. */
  void after(Duration sinceNow, Runnable event) {
    var machine = new Machine("outside");
    time.start(
        machine,
        "event",
        () -> {
          time.pause(sinceNow);
          event.run();
        });
  }

  /** Writes a new definition over the present one. */
  void redefine(UnaryOperator<String> change) {
    consul
        .presentDefinition(RUN)
        .ifPresent(present -> consul.userWrites(RUN, change.apply(present)));
  }

  /** A run of that name about a job of that name, with versions of its own. */
  void define(String name, Scenario of, UnaryOperator<String> change) {
    UnaryOperator<String> named =
        text -> text.replace("\"api\"", "\"%s\"".formatted(name)).replace("api:", name + ":");
    nomad.userRegister(new JobDocument(name, named.apply(of.production().json())));
    consul.userWrites(name, change.apply(named.apply(of.definition())));
  }

  /** This world's scenario under another name. */
  void define(String name) {
    define(name, scenario, UnaryOperator.identity());
  }

  /** Writes a command of a person for the present generation. */
  void ask(String action) {
    consul.userAsks(RUN, action);
  }

  void settle(Duration length) {
    time.runUntil(time.instant().plus(length), () -> false);
  }

  boolean runUntil(Duration atMost, BooleanSupplier condition) {
    return time.runUntil(time.instant().plus(atMost), condition);
  }

  Optional<RunStatus> status() {
    return consul.presentStatus(RUN);
  }

  /** The newest definition of each run has ended. */
  boolean hasEnded() {
    return consul.presentRuns().stream().allMatch(this::hasEnded);
  }

  private boolean hasEnded(String run) {
    var generation = consul.presentGeneration(run);
    if (generation.isEmpty() && consul.presentStatus(run).isEmpty()) {
      return true; // Its status is garbage, and nobody wants it any more.
    }
    return consul
        .presentStatus(run)
        .filter(status -> status.phase().isTerminal())
        .filter(status -> generation.isEmpty() || status.generation().orElse(0) == generation.get())
        .isPresent();
  }

  Instant now() {
    return time.instant();
  }

  @Override
  public void close() {
    time.close();
  }
}
