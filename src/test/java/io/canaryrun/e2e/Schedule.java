package io.canaryrun.e2e;

import io.canaryrun.e2e.FaultKind.Side;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Releases and faults, drawn from a seed: the same one gives the same schedule. */
final class Schedule {
  /** As drawn: the daemons' faults and those of what is around them go on beside each other. */
  record Wave(List<Release> releases, List<Fault> daemons, List<Fault> agents) {}

  private static final int RUNS_PER_WAVE = 6;
  private static final int MACHINES = 3;

  /** Of daemons that are told to end, before a call of theirs may hang. */
  private static final Duration HEAD_START = Duration.ofSeconds(8);

  private final Random random;
  private final Map<String, Deque<Integer>> decks = new HashMap<>();

  private Schedule(long seed) {
    this.random = new Random(seed);
  }

  /** Thirty runs in five waves, with every kind of fault. */
  static List<Wave> thirtyRuns(long seed) {
    var schedule = new Schedule(seed);
    var waves = new ArrayList<Wave>();
    for (int i = 1; i <= 5; i++) {
      var side = i % 2 == 0 ? Side.CONSUL : Side.NOMAD;
      waves.add(schedule.wave("w" + i, RUNS_PER_WAVE, 2, side, 4));
    }
    return waves;
  }

  /** One short wave. */
  static Wave fewRuns(long seed) {
    var schedule = new Schedule(seed);
    var wave = schedule.wave("few", 4, 0, Side.CONSUL, 1);
    var daemons = List.of(wave.daemons().getFirst(), schedule.daemonFault(FaultKind.KILL));
    var agents =
        List.of(schedule.agentFault(Side.NOMAD).after(HEAD_START), wave.agents().getFirst());
    return new Wave(wave.releases(), daemons, agents);
  }

  private Wave wave(String name, int runs, int deaths, Side side, int agentFaults) {
    var releases = new ArrayList<Release>();
    for (int i = 1; i <= runs; i++) {
      var after = i == 1 ? Duration.ZERO : Duration.ofMillis(random.nextInt(25_000));
      releases.add(release(name + "-r" + i, after));
    }
    var daemons = new ArrayList<Fault>(List.of(daemonFault(FaultKind.TERM)));
    for (int i = 0; i < deaths; i++) {
      daemons.add(daemonFault(deal("deaths near " + side, deaths(side))));
    }
    var agents = new ArrayList<Fault>();
    for (int i = 0; i < agentFaults; i++) {
      agents.add(agentFault(side).after(i == 0 ? HEAD_START : Duration.ZERO));
    }
    return new Wave(releases, daemons, agents);
  }

  /** Where Consul's connections fail anyhow, no daemon is cut off from it as well. */
  private static List<FaultKind> deaths(Side side) {
    return side == Side.CONSUL
        ? List.of(FaultKind.KILL, FaultKind.STOP)
        : List.of(FaultKind.KILL, FaultKind.STOP, FaultKind.CUT_OFF);
  }

  /** Of five, three are good; of three, one is in mode {@code deployment}. */
  private Release release(String name, Duration after) {
    boolean good = deal("good", List.of(true, true, true, false, false));
    boolean inDeployment = deal("in deployment", List.of(true, false, false));
    int canaries = 1 + random.nextInt(2);
    int requests = 300 + random.nextInt(900);
    // With two canaries, one of them has had half of the requests by the verdict at the latest.
    int errorEvery = 20 + random.nextInt(requests * 2 / 5 - 20);
    return new Release(name, after, inDeployment, canaries, requests, good ? 0 : errorEvery);
  }

  private Fault daemonFault(FaultKind kind) {
    var length =
        switch (kind) {
          case STOP, CUT_OFF -> between(22_000, 26_000);
          default -> between(1_000, 4_000);
        };
    return new Fault(kind, between(2_000, 5_000), length, 0, random.nextDouble());
  }

  private Fault agentFault(Side side) {
    var kind = deal("faults of " + side, FaultKind.of(side));
    var length =
        switch (kind) {
          case CONSUL_SERVER, CONSUL_CLIENT, NOMAD_SERVER, NOMAD_CLIENT -> between(500, 5_000);
          default -> between(4_000, 12_000);
        };
    int target = random.nextInt(MACHINES + 1);
    return new Fault(
        kind,
        between(1_000, 4_000),
        length,
        target == MACHINES ? Fault.EVERYWHERE : target,
        random.nextDouble());
  }

  private Duration between(int fromMillis, int toMillis) {
    return Duration.ofMillis(fromMillis + random.nextInt(toMillis - fromMillis));
  }

  /** Every card once, in an order that is drawn, before any comes again. */
  private <T> T deal(String name, List<T> cards) {
    var deck = decks.computeIfAbsent(name, _ -> new ArrayDeque<>());
    if (deck.isEmpty()) {
      var order = new ArrayList<Integer>(IntStream.range(0, cards.size()).boxed().toList());
      Collections.shuffle(order, random);
      deck.addAll(order);
    }
    return cards.get(deck.poll());
  }
}
