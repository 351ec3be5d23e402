package io.canaryrun.simulation;

import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.operator.Ports;
import io.canaryrun.simulation.SimulatedTime.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * A world that a seed makes: a scenario or two at once, one to three daemons, and faults of all
 * kinds. Then the faults stop, and everything must settle and stay as it is.
 */
final class SeededWorld implements AutoCloseable {
  /** Ends that a good enough fault can lead to in any scenario. */
  private static final Reason[] BY_FAULTS = {
    Reason.DEADLINE_EXCEEDED,
    Reason.CANARY_UNHEALTHY,
    Reason.COUNTERS_UNREACHABLE,
    Reason.COUNTERS_INCONSISTENT, // A restart that Nomad could not tell of.
    Reason.PRODUCTION_DEPLOY_FAILED
  };

  private static final Reason[] BY_MIXING = {
    Reason.PRODUCTION_CHANGED, Reason.JOB_REJECTED, Reason.NO_CANARY_PHASE
  };

  private static final Reason[] BY_EDITS = {
    Reason.PRODUCTION_CHANGED, Reason.JOB_REJECTED, Reason.NOT_ALLOWED
  };

  /** What was to happen in mid-run, may come after its end. */
  private static final Reason[] BY_DELAY = {Reason.GOAL_REACHED, Reason.NO_CANARY_PHASE};

  private static final Reason[] NONE = {};

  /** Somebody decides once the faults are over, who in these scenarios does not in time. */
  private static final List<Scenario> APPROVED_IN_THE_END =
      List.of(Scenario.BAD_BEFORE_APPROVAL, Scenario.NOT_APPROVED);

  /** The deadlines of a run, a session that ends late, a clock that was wrong, and clean-up. */
  private static final Duration TO_SETTLE = Duration.ofMinutes(6);

  /** The orphan sweep, and the end of what it stops. */
  private static final Duration AFTERMATH = Duration.ofSeconds(75);

  private static final Duration STAYS = Duration.ofSeconds(70);
  private static final Duration LONGEST_CLOCK_ERROR = Duration.ofSeconds(60);
  private static final int MAX_DAEMONS = 12;

  /** They take as long to simulate as half of what comes before. */
  private static final int BOUNDS_IN_ONE_OF = 3;

  private final Random random;
  private final Scenario scenario;
  private final World world;
  private final CallFaults faults;
  private final List<Machine> machines = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private final Duration faultsLast;
  private final boolean editsWhilePromoting;
  private boolean edited;

  SeededWorld(long seed, BiFunction<World, Ports, Ports> planted) {
    random = new Random(seed);
    var scenarios = Scenario.ALL;
    var first = scenarios.get(random.nextInt(scenarios.size()));
    var second = scenarios.get(random.nextInt(scenarios.size()));
    editsWhilePromoting = random.nextInt(5) == 0;
    var mixed = random.nextInt(3) == 0 ? first.and(second).orEnding(BY_MIXING) : first;
    var delay = Math.pow(10, random.nextDouble() - 0.7);
    scenario =
        mixed
            .orEnding(BY_FAULTS)
            .orEnding(editsWhilePromoting ? BY_EDITS : NONE)
            .orEnding(
                (delay > 1 && mixed.isClean()) || APPROVED_IN_THE_END.contains(first)
                    ? BY_DELAY
                    : NONE);
    world = new World(scenario, planted);
    world.delay = delay;
    faults = new CallFaults(random, world, this::replace);
    faultsLast = within(Duration.ofSeconds(20), Duration.ofSeconds(80));
  }

  /** The invariants that do not hold. */
  List<String> broken() {
    world.network.on(faults);
    scenario.plan().accept(world);
    for (int i = random.nextInt(3); i >= 0; i--) {
      world.after(within(Duration.ZERO, Duration.ofSeconds(5)), this::startDaemon);
    }
    drawTroubles();
    if (editsWhilePromoting) {
      world.consul.onChange(this::editOnce);
    }
    world.settle(faultsLast);
    stopFaults();
    world.runUntil(TO_SETTLE, world::hasEnded);
    world.settle(AFTERMATH);
    var broken = new ArrayList<>(Invariants.broken(world, scenario));
    var settled = List.of(world.consul.presentStates(), world.nomad.registrations().size());
    world.settle(STAYS);
    var later = List.of(world.consul.presentStates(), world.nomad.registrations().size());
    if (!settled.equals(later)) {
      broken.add("L1: does not stay settled: %s, then %s".formatted(settled, later));
    }
    if (random.nextInt(BOUNDS_IN_ONE_OF) == 0) {
      startDaemon(); // Who is there when the owner dies.
      broken.addAll(Bounds.broken(world, machines));
    }
    return broken;
  }

  /** What happened, for whoever looks into it. */
  String story() {
    return "%s, %d calls%n  %s"
        .formatted(scenario, world.network.calls().size(), String.join("\n  ", story));
  }

  private void startDaemon() {
    if (machines.size() < MAX_DAEMONS || faults.areOver()) {
      var machine = world.startDaemon("daemon-" + machines.size());
      machines.add(machine);
      tell(machine.name + " starts");
    }
  }

  private void replace(Machine crashed) {
    tell(crashed.name + " crashes");
    world.after(within(Duration.ofSeconds(1), Duration.ofSeconds(30)), this::startDaemon);
  }

  private void drawTroubles() {
    sometimes(
        "Consul is down",
        () -> {
          world.consul.goDown();
          world.after(
              within(Duration.ofSeconds(1), Duration.ofSeconds(20)), world.consul::comeBack);
        });
    sometimes(
        "Nomad is down",
        () -> {
          world.nomad.goDown();
          world.after(within(Duration.ofSeconds(1), Duration.ofSeconds(20)), world.nomad::comeBack);
        });
    sometimes("a daemon is cut off from Nomad", this::cutOff);
    sometimes(
        "another region of Nomad is lost",
        () -> {
          world.nomad.addRegion("eu");
          world.nomad.loseRegion("eu");
        });
    sometimes("Consul loses all sessions", world.consul::loseSessions);
    sometimes(
        "sessions end late",
        () -> world.consul.setSessionLateness(within(Duration.ZERO, Duration.ofSeconds(10))));
    sometimes("a clock jumps", this::jump);
    sometimes("all daemons are upgraded", this::upgrade);
    sometimes(
        "counters cannot be read",
        () -> {
          world.readings = _ -> new Failed("connection reset");
          world.after(
              within(Duration.ofMillis(500), Duration.ofSeconds(8)),
              () -> world.readings = read -> read);
        });
  }

  /** Somebody changes production the moment that a good verdict is persisted. */
  private void editOnce() {
    var promoting = world.status().filter(it -> it.phase() instanceof Phase.Promoting).isPresent();
    if (promoting && !edited) {
      edited = true;
      tell("somebody edits production");
      world.nomad.userEdits("api", "\"Driver\":\"docker\"", "\"Driver\":\"podman\"");
    }
  }

  private void sometimes(String what, Runnable trouble) {
    if (random.nextInt(3) == 0) {
      world.after(
          within(Duration.ZERO, faultsLast),
          () -> {
            tell(what);
            trouble.run();
          });
    }
  }

  private void cutOff() {
    if (!machines.isEmpty()) {
      var machine = machines.get(random.nextInt(machines.size()));
      faults.cutOff(machine);
      world.after(
          within(Duration.ofSeconds(1), Duration.ofSeconds(60)), () -> faults.reconnect(machine));
    }
  }

  private void jump() {
    if (!machines.isEmpty()) {
      var error = within(LONGEST_CLOCK_ERROR.negated(), LONGEST_CLOCK_ERROR);
      machines.get(random.nextInt(machines.size())).setClockAhead(error);
    }
  }

  /** One after the other, each followed by its successor. */
  private void upgrade() {
    var wait = Duration.ZERO;
    for (var machine : machines) {
      if (!machine.isCrashed()) {
        world.after(
            wait,
            () -> {
              tell(machine.name + " is stopped");
              world.terminate(machine);
            });
        world.after(wait.plusSeconds(1), this::startDaemon);
        wait = wait.plusSeconds(3);
      }
    }
  }

  private void stopFaults() {
    tell("faults stop");
    faults.end();
    world.consul.comeBack();
    world.nomad.comeBack();
    world.readings = read -> read;
    machines.forEach(machine -> machine.setClockAhead(Duration.ZERO));
    machines.add(world.startDaemon("last"));
    decideInTheEnd();
  }

  /** A person whose decision is waited for decides, whatever became of earlier decisions. */
  private void decideInTheEnd() {
    world.after(
        Duration.ofSeconds(30),
        () -> {
          world.consul.presentRuns().stream()
              .filter(this::awaitsApproval)
              .forEach(run -> world.consul.userAsks(run, "promote"));
          if (!world.hasEnded()) {
            decideInTheEnd();
          }
        });
  }

  private boolean awaitsApproval(String run) {
    return world
        .consul
        .presentStatus(run)
        .filter(status -> status.phase() instanceof Phase.AwaitingApproval)
        .isPresent();
  }

  private void tell(String what) {
    story.add("%7.3f s: %s".formatted(world.time.sinceStart().toMillis() / 1_000.0, what));
  }

  private Duration within(Duration shortest, Duration longest) {
    var range = Math.max(1, longest.minus(shortest).toMillis());
    return shortest.plusMillis(random.nextLong(range));
  }

  @Override
  public void close() {
    world.close();
  }
}
