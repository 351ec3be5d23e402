package io.canaryrun.simulation;

import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.simulation.SimulatedTime.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the daemons of a world without faults must keep, whatever they went through before: one more
 * run, whose owner dies, and whose canaries then answer with errors.
 */
final class Bounds {
  /** L2: twice the TTL of a session, the lock delay, and 2 s. */
  private static final Duration TAKEOVER = Duration.ofSeconds(2 * 10 + 1 + 2);

  /** L3: an interval, the timeout of one read, and 100 ms. */
  static final Duration ERROR_TO_STOP = Duration.ofMillis(2_100);

  private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final String RUN = "after";

  private final World world;
  private final List<Machine> machines;
  private final List<String> broken = new ArrayList<>();
  private boolean bad;

  private Bounds(World world, List<Machine> machines) {
    this.world = world;
    this.machines = machines;
  }

  /** The bounds that are not kept, each with what was seen; empty is right. */
  static List<String> broken(World world, List<Machine> machines) {
    var check = new Bounds(world, machines);
    check.observe();
    if (check.isObserved()) {
      check.takeover();
      check.stopOrder();
    } else {
      check.broken.add("L1: not observed: " + world.consul.presentStatus(RUN));
    }
    return check.broken;
  }

  private void observe() {
    var begin = world.now();
    world.readings = _ -> new Counted(Duration.between(begin, world.now()).toMillis(), bad ? 1 : 0);
    world.define(
        RUN, Scenario.GOOD, text -> text.replace("10000", "10000000").replace("\"40s\"", "\"1h\""));
    await(this::isObserved);
  }

  private boolean isObserved() {
    return world
        .consul
        .presentStatus(RUN)
        .filter(status -> status.phase() instanceof Phase.ObservingCounters)
        .isPresent();
  }

  private void takeover() {
    var owner = world.holder(RUN);
    machines.stream()
        .filter(machine -> owner.equals(Optional.of(machine.name)))
        .forEach(Machine::crash);
    var crashed = world.now();
    if (!await(() -> isHeldBySomebodyElse(owner))) {
      broken.add("L2: nobody took it over from " + owner);
    } else if (since(crashed).compareTo(TAKEOVER) > 0) {
      broken.add("L2: taken over after " + since(crashed));
    }
  }

  private boolean isHeldBySomebodyElse(Optional<String> owner) {
    return world.holder(RUN).filter(now -> !owner.equals(Optional.of(now))).isPresent();
  }

  private void stopOrder() {
    world.settle(Duration.ofSeconds(3));
    bad = true;
    var readable = world.now();
    world.settle(ERROR_TO_STOP.multipliedBy(3));
    var taken = Invariants.errorToStop(world, RUN, readable);
    if (taken.filter(it -> it.compareTo(ERROR_TO_STOP) <= 0).isEmpty()) {
      broken.add("L3: from an error to the stop order: " + taken);
    }
    if (!await(this::hasEnded)) {
      broken.add("L1: not ended: " + world.consul.presentStatus(RUN));
    }
  }

  private boolean hasEnded() {
    return world.consul.presentStatus(RUN).filter(it -> it.phase().isTerminal()).isPresent();
  }

  /** Looked at now and then: to read a status takes longer than to simulate what changes it. */
  private boolean await(BooleanSupplier condition) {
    var end = world.now().plus(LONG_ENOUGH);
    while (!condition.getAsBoolean() && world.now().isBefore(end)) {
      world.settle(LOOK_EVERY);
    }
    return condition.getAsBoolean();
  }

  private Duration since(Instant begin) {
    return Duration.between(begin, world.now());
  }
}
