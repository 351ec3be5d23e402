package io.canaryrun.simulation;

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

  final FakeConsul consul;
  final FakeNomad nomad;
  final FakeCounters counters;
  private final Map<Machine, Operator> operators = new HashMap<>();
  private List<Watchdog.Stuck> stuck = List.of();

  World(Scenario scenario) {
    consul = new FakeConsul(time);
    nomad = new FakeNomad(time, scenario::behaviour, consul);
    counters =
        new FakeCounters(time, nomad, allocation -> scenario.traffic(allocation, time.instant()));
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
            ports,
            settings(name),
            new Member(name, "1.0.0", time.instant(), Optional.of("node-of-" + name)));
    operators.put(machine, operator);
    time.start(machine, "main", operator::start);
    time.start(machine, "watchdog", () -> watch(operator, scheduler));
    return machine;
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

  private static OperatorSettings settings(String name) {
    return new OperatorSettings(
        name,
        "canary/",
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        10,
        20,
        KEEP_DELETED,
        50,
        new AllowList(List.of("default"), List.of("*"), List.of("docker"), List.of()));
  }

  /** Does something at that time, from outside. */
  void at(Duration sinceNow, Runnable event) {
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
    var present = consul.definition(RUN).orElseThrow();
    consul.userWrites(RUN, change.apply(present.text()));
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
