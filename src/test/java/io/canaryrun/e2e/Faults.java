package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;

import io.canaryrun.agents.Restartable;
import io.canaryrun.agents.Toxiproxy;
import io.canaryrun.e2e.FaultKind.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** Causes the faults that were drawn, one after another of each side. */
final class Faults {
  /** A daemon without a run is a poor victim. */
  private static final Duration WAIT_FOR_WORK = Duration.ofSeconds(15);

  private final List<Daemon> daemons;
  private final Statuses statuses;
  private final Journal journal;
  private final List<Trouble> troubles = new CopyOnWriteArrayList<>();

  Faults(List<Daemon> daemons, Statuses statuses, Journal journal) {
    this.daemons = daemons;
    this.statuses = statuses;
    this.journal = journal;
  }

  /** An agent's fault, until its daemons have got over it. */
  private static final class Trouble {
    private final Side side;
    private final Instant begin = Instant.now();
    private volatile Instant end = Instant.MAX;

    Trouble(Side side) {
      this.side = side;
    }

    boolean overlaps(Instant from, Instant to) {
      return begin.isBefore(to) && end.isAfter(from);
    }
  }

  /**
   * After an agent's fault: of Nomad, until it was asked again; of Consul, until a daemon that lost
   * its session has another one.
   */
  static Duration recovery(Side side) {
    return Duration.ofSeconds(side == Side.CONSUL ? 10 : 3);
  }

  /**
   * Happens to the daemon that carries most runs; lasts until others carry them on. One that is
   * told to end lets its calls in flight return first, so those of Nomad hold it up as well.
   */
  void ofDaemon(Fault fault) {
    Pause.of(fault.pause());
    var victim = busiest();
    var carried = carriedBy(victim);
    journal.begun(
        fault,
        victim.instance()
            + ", which carries "
            + carried.stream().map(Statuses.Held::run).collect(Collectors.joining(", ")));
    var begin = Instant.now();
    hit(victim, fault);
    var mended = CompletableFuture.runAsync(() -> mend(victim, fault), later(fault.length()));
    try {
      var found = Takeover.after(fault.kind(), begin, carried, statuses);
      journal.taken(
          found.stream().map(it -> isDisturbed(it, begin) ? it.butDisturbed() : it).toList());
    } finally {
      mended.join();
    }
  }

  /** One that is told to end also waits for Nomad's answers. */
  private boolean isDisturbed(Takeover takeover, Instant begin) {
    var end = begin.plus(takeover.held());
    return troubles.stream()
        .filter(it -> it.side == Side.CONSUL || takeover.fault() == FaultKind.TERM)
        .anyMatch(it -> it.overlaps(begin, end));
  }

  private static Executor later(Duration delay) {
    return CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void hit(Daemon victim, Fault fault) {
    switch (fault.kind()) {
      case TERM -> victim.process().terminate();
      case KILL -> victim.process().kill();
      case STOP -> victim.process().suspend();
      case CUT_OFF -> {
        if (fault.strength() < 0.5) {
          victim.toConsul.cut();
        } else {
          // Were its requests to arrive, so would the renewals of its session.
          victim.toConsul.halfOpen(Toxiproxy.Lost.REQUESTS);
        }
      }
      default -> throw new IllegalArgumentException(fault.toString());
    }
  }

  private void mend(Daemon victim, Fault fault) {
    switch (fault.kind()) {
      case TERM -> {
        int code = victim.process().exitCode();
        journal.tell(victim.instance() + " has ended with exit code " + code);
        victim.start();
      }
      case KILL -> victim.start();
      case STOP -> victim.process().resume();
      case CUT_OFF -> victim.toConsul.mend();
      default -> throw new IllegalArgumentException(fault.toString());
    }
    journal.tell(fault.kind() + " is over, there is " + victim.instance());
  }

  private Daemon busiest() {
    try {
      await("somebody carries a run")
          .atMost(WAIT_FOR_WORK)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> daemons.stream().anyMatch(daemon -> !carriedBy(daemon).isEmpty()));
    } catch (ConditionTimeoutException e) {
      journal.tell("nobody carries a run");
    }
    return daemons.stream()
        .max(Comparator.comparingInt(daemon -> carriedBy(daemon).size()))
        .orElseThrow();
  }

  private List<Statuses.Held> carriedBy(Daemon daemon) {
    return statuses.read().stream().filter(it -> it.isCarriedBy(daemon.instance())).toList();
  }

  /** Happens to an agent of a machine, or on the way to it. */
  void ofAgent(Fault fault) {
    Pause.of(fault.pause());
    var trouble = new Trouble(fault.kind().side());
    troubles.add(trouble);
    boolean consul = fault.kind().side() == Side.CONSUL;
    switch (fault.kind()) {
      case CONSUL_SERVER, NOMAD_SERVER -> restart(daemons.getFirst(), consul, fault);
      case CONSUL_CLIENT, NOMAD_CLIENT ->
          restart(daemons.get(fault.target() == 1 ? 1 : 2), consul, fault);
      default -> disturb(consul, fault);
    }
    trouble.end = Instant.now().plus(recovery(trouble.side));
  }

  private void restart(Daemon beside, boolean consul, Fault fault) {
    Restartable agent = consul ? beside.consul : beside.nomad;
    journal.begun(fault, "beside " + beside.instance() + ", for " + fault.length());
    agent.kill();
    Pause.of(fault.length());
    agent.start();
    journal.tell(fault.kind() + " is over");
  }

  private void disturb(boolean consul, Fault fault) {
    var hit = fault.target() == Fault.EVERYWHERE ? daemons : List.of(daemons.get(fault.target()));
    journal.begun(
        fault,
        "%s for %s, %.2f"
            .formatted(
                hit.stream().map(Daemon::instance).toList(), fault.length(), fault.strength()));
    var links = hit.stream().map(daemon -> consul ? daemon.toConsul : daemon.toNomad).toList();
    links.forEach(link -> disturb(link, fault));
    Pause.of(fault.length());
    links.forEach(Toxiproxy.Link::mend);
    journal.tell(fault.kind() + " is over");
  }

  private static void disturb(Toxiproxy.Link link, Fault fault) {
    switch (fault.kind()) {
      case CONSUL_LATENCY, NOMAD_LATENCY -> link.delay(fault.latency());
      case CONSUL_CUT, NOMAD_CUT -> link.cut();
      case CONSUL_HALF_OPEN, NOMAD_HALF_OPEN -> link.halfOpen(fault.lost());
      case CONSUL_SLOW, NOMAD_SLOW -> link.slow(fault.kilobytesPerSecond());
      default -> throw new IllegalArgumentException(fault.toString());
    }
  }
}
