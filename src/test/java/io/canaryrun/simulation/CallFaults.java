package io.canaryrun.simulation;

import io.canaryrun.port.PortFailure;
import io.canaryrun.simulation.Network.Call;
import io.canaryrun.simulation.Network.Side;
import io.canaryrun.simulation.SimulatedTime.Machine;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Strikes calls at random, as long as it lasts: how often each kind of fault comes, is drawn once
 * per world, so that worlds differ in more than in the places of their faults.
 */
final class CallFaults implements Network.Strike {
  /** What the clients of Consul and Nomad wait for an answer, at most. */
  private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(10);

  /** What goes wrong where something changes is worth more than the rest. */
  private static final double OF_EFFECTS = 8;

  private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(60);

  private final Random random;
  private final World world;
  private final Consumer<Machine> onCrash;
  private final Map<Kind, Double> rates = new EnumMap<>(Kind.class);
  private final Set<Machine> withoutNomad = new HashSet<>();
  private boolean over;

  /** A fault, the side of a call on which it strikes, and how rare it is where it is common. */
  enum Kind {
    CRASH_BEFORE(Side.BEFORE, 300),
    CRASH_AFTER(Side.AFTER, 300),
    STANDSTILL_BEFORE(Side.BEFORE, 300),
    STANDSTILL_AFTER(Side.AFTER, 300),
    /** 429, 500, no leader: nothing happens. */
    REFUSED(Side.BEFORE, 20),
    /** It happens, and nobody is told. */
    ANSWER_LOST(Side.AFTER, 20),
    REQUEST_HANGS(Side.BEFORE, 60),
    ANSWER_HANGS(Side.AFTER, 60),
    SLOW_REQUEST(Side.BEFORE, 20),
    /** What was read is old when it arrives, and news come late. */
    SLOW_ANSWER(Side.AFTER, 20);

    private final Side side;
    private final double rare;

    Kind(Side side, double rare) {
      this.side = side;
      this.rare = rare;
    }
  }

  /**
   * @param onCrash told of each machine that crashed
   */
  CallFaults(Random random, World world, Consumer<Machine> onCrash) {
    this.random = random;
    this.world = world;
    this.onCrash = onCrash;
    for (var kind : Kind.values()) {
      rates.put(
          kind, random.nextBoolean() ? 0 : Math.pow(10, -random.nextDouble() * 1.5) / kind.rare);
    }
  }

  /** From now on, every call succeeds at once. */
  void end() {
    over = true;
  }

  boolean areOver() {
    return over;
  }

  /** Nothing of that machine reaches Nomad any more. */
  void cutOff(Machine machine) {
    withoutNomad.add(machine);
  }

  void reconnect(Machine machine) {
    withoutNomad.remove(machine);
  }

  @Override
  public void strike(Call call, Side side, Machine machine) {
    if (over) {
      return;
    }
    if (withoutNomad.contains(machine) && call.port().startsWith("Cluster.")) {
      fail(call, Duration.ZERO);
    }
    var weight = call.isEffect() ? OF_EFFECTS : 1;
    for (var kind : Kind.values()) {
      if (kind.side == side && random.nextDouble() < weight * rates.get(kind)) {
        strike(kind, call, machine);
        return;
      }
    }
  }

  private void strike(Kind kind, Call call, Machine machine) {
    switch (kind) {
      case CRASH_BEFORE, CRASH_AFTER -> {
        machine.crash();
        onCrash.accept(machine);
      }
      case STANDSTILL_BEFORE, STANDSTILL_AFTER ->
          machine.pauseUntil(world.now().plus(atMost(LONGEST_STANDSTILL)));
      case SLOW_REQUEST, SLOW_ANSWER -> world.time.pause(atMost(CLIENT_TIMEOUT));
      case REFUSED, ANSWER_LOST -> fail(call, Duration.ZERO);
      case REQUEST_HANGS, ANSWER_HANGS -> fail(call, CLIENT_TIMEOUT);
    }
  }

  /** Reads of counters tell their failures in other ways. */
  private void fail(Call call, Duration after) {
    if (!call.port().startsWith("CounterSource")) {
      world.time.pause(after);
      throw new PortFailure.Unavailable(call + ": no answer", null);
    }
  }

  private Duration atMost(Duration longest) {
    return Duration.ofMillis(random.nextLong(longest.toMillis()));
  }

  /** An index that went back, as after Consul was restored, is news that are none. */
  @Override
  public Object answer(Call call, Object answer) {
    var news = call.port().startsWith("RunStore.await");
    return news && !over && random.nextInt(20) == 0 ? (Object) 0L : answer;
  }
}
