package io.canaryrun.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.observation.Member;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredMember;
import io.canaryrun.simulation.SimulatedTime.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several daemons and many runs. */
class SharingTest {
  private static final int RUNS = 12;
  private static final int ABOUT_HALF = 7;

  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LOCK_DELAY = Duration.ofSeconds(1);

  /** It is noticed after 15 s, and what was asked then may take its time. */
  private static final Duration CUT_OFF_FOR = Duration.ofSeconds(25);

  private final World world = new World(Scenario.NO_TRAFFIC);
  private final List<String> runs = IntStream.range(0, RUNS).mapToObj(it -> "shop-" + it).toList();
  private final Map<String, Machine> daemons = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noneOfThreeDaemonsHoldsMuchMoreThanItsShare(int seed) {
    try (world) {
      // Given
      start("a" + seed, "b" + seed, "c" + seed);

      // When
      defineAll();
      world.runUntil(Duration.ofSeconds(5), this::allAreHeld);

      // Then
      assertEquals(RUNS, sum(shares()), shares().toString());
      assertTrue(most() <= ABOUT_HALF, shares().toString());
    }
  }

  @Test
  void worldReplaysExactly() {
    // Given
    var first = heldByWhom();

    // When
    var second = new SharingTest().heldByWhom();

    // Then
    assertEquals(first, second);
  }

  private Map<String, Optional<String>> heldByWhom() {
    try (world) {
      start("a", "b", "c");
      defineAll();
      world.runUntil(Duration.ofSeconds(5), this::allAreHeld);
      return runs.stream()
          .collect(Collectors.toMap(it -> it, this::holder, (a, _) -> a, TreeMap::new));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 200, 300, 400, 500, 600, 700, 800, 900})
  void runsOfADaemonThatIsToldToEndGoOnWithinASecond(int millis) {
    try (world) {
      // Given
      startWithAllRuns("a", "b", "c");
      world.settle(Duration.ofSeconds(10).plusMillis(millis));
      var ending = daemons.remove("b");
      var orphans = runsOf("b");
      assertTrue(!orphans.isEmpty());

      // When
      world.time.start(ending, "sigterm", () -> world.operator(ending).stop());
      var inTime = world.runUntil(Duration.ofSeconds(1), this::allAreHeldByTheRest);

      // Then
      assertTrue(inTime, "of " + orphans + " not held: " + unheld());
      assertEquals(List.of("a", "c"), members());
      assertTrue(most() <= ABOUT_HALF, shares().toString());
    }
  }

  @Test
  void newsAfterAQuietTimeDoNotWaitForThoseThatCameJustBefore() {
    try (world) {
      // Given
      start("a");
      world.settle(Duration.ofSeconds(10));
      world.define("first");
      world.settle(Duration.ofMillis(100));

      // When
      world.define("second");

      // Then
      var soon = Duration.ofMillis(250);
      assertTrue(
          world.runUntil(soon, () -> world.consul.lockHolder("second").isPresent()), "not held");
    }
  }

  /** The fake Consul ends a session as early as it may; the real one may take a TTL longer. */
  @ParameterizedTest
  @ValueSource(ints = {0, 300, 700, 1_100, 1_500, 1_900})
  void runsOfADaemonThatDiesGoOnSoonAfterItsSession(int millis) {
    try (world) {
      // Given
      startWithAllRuns("a", "b", "c");
      world.settle(Duration.ofSeconds(10).plusMillis(millis));
      assertTrue(!runsOf("b").isEmpty());

      // When
      daemons.remove("b").crash();
      var bound = TTL.plus(LOCK_DELAY).plusSeconds(2);
      var inTime = world.runUntil(bound, this::allAreHeldByTheRest);

      // Then
      assertTrue(inTime, "not held: " + unheld());
      assertEquals(List.of("a", "c"), members());
    }
  }

  @Test
  void runsOfADaemonThatDoesNotReachNomadGoOnElsewhere() {
    try (world) {
      // Given
      startWithAllRuns("a", "b", "c");
      world.settle(Duration.ofSeconds(10));
      assertTrue(!runsOf("b").isEmpty());

      // When
      cutOff(Set.of("b"));
      var inTime = world.runUntil(CUT_OFF_FOR, () -> allAreHeld() && runsOf("b").isEmpty());

      // Then
      assertTrue(inTime, shares().toString());
      world.settle(Duration.ofMinutes(2));
      assertEquals(List.of(), runsOf("b"));
      assertEquals(List.of("a", "b", "c"), members());

      // When
      cutOff(Set.of());
      world.define("one-more");

      // Then
      world.settle(Duration.ofSeconds(10));
      assertTrue(world.operator(daemons.get("b")).reachesNomad());
    }
  }

  @Test
  void whereNobodyReachesNomadRunsDoNotGoFromHandToHand() {
    try (world) {
      // Given
      startWithAllRuns("a", "b", "c");
      cutOff(daemons.keySet());
      world.settle(Duration.ofSeconds(30));
      var changes = 0;
      var before = holders();

      // When
      for (int i = 0; i < 240; i++) {
        world.settle(Duration.ofMillis(500));
        changes += holders().equals(before) ? 0 : 1;
        before = holders();
      }

      // Then
      assertTrue(allAreHeld(), "not held: " + unheld());
      assertTrue(changes < 60, changes + " changes in two minutes");
    }
  }

  @Test
  void daemonThatIsAloneKeepsItsRunsWhileItDoesNotReachNomad() {
    try (world) {
      // Given
      start("a");
      world.define("shop");
      world.settle(Duration.ofSeconds(5));

      // When
      cutOff(Set.of("a"));
      var givenUp = world.runUntil(Duration.ofSeconds(90), () -> holder("shop").isEmpty());

      // Then
      assertFalse(givenUp);
      assertFalse(world.operator(daemons.get("a")).reachesNomad());
    }
  }

  private void cutOff(Set<String> instances) {
    world.network.on(
        (call, side, machine) -> {
          if (instances.contains(machine.name) && call.port().startsWith("Cluster.")) {
            throw new PortFailure.Unavailable(call + ": cut off", null);
          }
        });
  }

  private List<Optional<String>> holders() {
    return runs.stream().map(this::holder).toList();
  }

  @Test
  void whatADeadDaemonLeftIsRemovedWithinAMinute() {
    try (world) {
      // Given
      start("a", "b");
      world.settle(Duration.ofSeconds(5));
      world.consul.userPuts("members/nobody", "hello");

      // When
      daemons.get("b").crash();
      world.settle(TTL.plusSeconds(61));

      // Then
      assertEquals(List.of("members/a"), world.consul.presentKeys("members/"));
    }
  }

  @Test
  void daemonShowsItselfAnewWhereSomebodyWroteOverItOrRemovedIt() {
    try (world) {
      // Given
      start("a", "b");
      world.settle(Duration.ofSeconds(5));

      // When
      world.consul.userPuts("members/a", "hello");
      world.consul.userRemoves("members/b");
      world.settle(Duration.ofSeconds(70));

      // Then
      assertEquals(
          List.of("a", "b"),
          world.consul.members().stream()
              .flatMap(it -> it.member().stream())
              .map(Member::instance)
              .toList());
    }
  }

  @Test
  void daemonWhoseSessionWasLostShowsItselfWithItsNextOne() {
    try (world) {
      // Given
      start("a");
      world.settle(Duration.ofSeconds(5));
      var before = world.consul.members().getFirst().lockedBy();

      // When
      daemons.get("a").pauseUntil(world.now().plusSeconds(60));
      world.settle(Duration.ofSeconds(75));

      // Then
      var after = world.consul.members().getFirst().lockedBy();
      assertTrue(after.isPresent() && !after.equals(before), before + " " + after);
    }
  }

  private void start(String... names) {
    world.consul.userDeletes(World.RUN);
    Stream.of(names).forEach(name -> daemons.put(name, world.startDaemon(name)));
    world.settle(Duration.ofSeconds(3));
  }

  private void startWithAllRuns(String... names) {
    start(names);
    defineAll();
    assertTrue(world.runUntil(Duration.ofSeconds(5), this::allAreHeld));
  }

  /** Each about a job of its own. */
  private void defineAll() {
    for (var run : runs) {
      world.define(
          run, Scenario.NO_TRAFFIC, definition -> definition.replace("\"40s\"", "\"10m\""));
    }
  }

  private boolean allAreHeld() {
    return runs.stream().allMatch(run -> holder(run).isPresent());
  }

  private boolean allAreHeldByTheRest() {
    return unheld().isEmpty();
  }

  private List<String> unheld() {
    return runs.stream().filter(run -> holder(run).filter(daemons::containsKey).isEmpty()).toList();
  }

  private Optional<String> holder(String run) {
    return world.holder(run);
  }

  private List<String> members() {
    return world.consul.members().stream()
        .filter(member -> member.lockedBy().isPresent())
        .map(StoredMember::instance)
        .toList();
  }

  private List<String> runsOf(String instance) {
    return runs.stream().filter(run -> holder(run).equals(Optional.of(instance))).toList();
  }

  private Map<String, Long> shares() {
    return runs.stream()
        .flatMap(run -> holder(run).stream())
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }

  private static long sum(Map<String, Long> shares) {
    return shares.values().stream().mapToLong(Long::longValue).sum();
  }

  private long most() {
    return shares().values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
