package io.canaryrun.fake;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.port.ServiceCatalog.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An allocation. What it does is a function of time; what Nomad and Consul show of it is what it
 * did a little while ago.
 */
final class FakeAllocation {
  /** From something that happens on a client until the servers show it. */
  static final Duration CLIENT_LAG = Duration.ofMillis(200);

  /** From the end of a process until its service is out of Consul. */
  static final Duration DEREGISTRATION = Duration.ofMillis(300);

  private static final Duration RESTART_DELAY = Duration.ofMillis(500);

  /** Nomad's {@code min_healthy_time}, shortened. */
  private static final Duration MIN_HEALTHY = Duration.ofMillis(100);

  final String id;
  private final String address;
  private final String group;
  private final Behaviour behaviour;
  private final Instant placedAt;
  private FakeVersion version;
  private Optional<Instant> stopOrderedAt = Optional.empty();
  private boolean lost;

  FakeAllocation(
      int number, String group, FakeVersion version, Behaviour behaviour, Instant placedAt) {
    this.id = "allocation-" + number;
    this.address = "127.0.0.1:" + (20_000 + number);
    this.group = group;
    this.version = version;
    this.behaviour = behaviour;
    this.placedAt = placedAt;
  }

  /**
   * What its task does.
   *
   * @param since of the present or last process; empty: none was started
   */
  record Doing(State state, Optional<Instant> since, int restarts, Optional<Instant> endedAt) {}

  Doing at(Instant now) {
    var stop = stopOrderedAt.map(at -> at.plus(behaviour.stopsIn())).orElse(Instant.MAX);
    var since = Optional.<Instant>empty();
    var next = placedAt.plus(behaviour.startsAfter());
    for (int restarts = 0; ; restarts++) {
      if (!stop.isAfter(next)) {
        return now.isBefore(stop)
            ? new Doing(State.PENDING, since, restarts, Optional.empty())
            : new Doing(end(), since, restarts, Optional.of(stop));
      }
      if (now.isBefore(next)) {
        return new Doing(State.PENDING, since, restarts, Optional.empty());
      }
      since = Optional.of(next);
      var crash = behaviour.crashesAt().map(next::plus).orElse(Instant.MAX);
      if (!stop.isAfter(crash)) {
        return now.isBefore(stop)
            ? new Doing(State.RUNNING, since, restarts, Optional.empty())
            : new Doing(end(), since, restarts, Optional.of(stop));
      }
      if (now.isBefore(crash)) {
        return new Doing(State.RUNNING, since, restarts, Optional.empty());
      }
      if (restarts == behaviour.restarts()) {
        return new Doing(State.FAILED, since, restarts, Optional.of(crash));
      }
      next = crash.plus(RESTART_DELAY);
    }
  }

  private State end() {
    return lost ? State.LOST : State.COMPLETE;
  }

  Doing shownAt(Instant now) {
    return at(now.minus(CLIENT_LAG));
  }

  /** Since when the check of the present process passes. */
  private Optional<Instant> passingSince(Doing doing, Instant now) {
    return doing.state == State.RUNNING
        ? behaviour
            .passesAfter()
            .flatMap(after -> doing.since.map(start -> start.plus(after)))
            .filter(since -> !now.isBefore(since))
        : Optional.empty();
  }

  /** For how long the present process has been in rotation. */
  Duration servedFor(Instant now) {
    return passingSince(at(now), now)
        .map(since -> Duration.between(since, now))
        .orElse(Duration.ZERO);
  }

  /** Nomad's own judgement: it latches, and is shown late. */
  boolean isJudgedHealthy(Instant now) {
    var first = placedAt.plus(behaviour.startsAfter());
    var judged = behaviour.passesAfter().map(after -> first.plus(after).plus(MIN_HEALTHY));
    var end = behaviour.crashesAt().map(first::plus).orElse(Instant.MAX);
    return judged
        .filter(at -> at.isBefore(end))
        .filter(at -> !now.minus(CLIENT_LAG).isBefore(at))
        .isPresent();
  }

  boolean isHealthy(Instant now) {
    return isJudgedHealthy(now) && shownAt(now).state == State.RUNNING;
  }

  Stream<Instance> instances(Instant now) {
    var doing = at(now);
    var registered =
        doing.since.isPresent()
            && doing.endedAt.filter(end -> !now.isBefore(end.plus(DEREGISTRATION))).isEmpty();
    var failing =
        passingSince(doing, now).isPresent() || passedAtItsEnd(doing)
            ? Optional.<String>empty()
            : Optional.of("check http fails: 503");
    return registered
        ? services().stream().map(service -> new Instance(service, id, failing))
        : Stream.empty();
  }

  /** Nobody has checked it since. */
  private boolean passedAtItsEnd(Doing doing) {
    return behaviour
        .passesAfter()
        .flatMap(after -> doing.since.map(start -> start.plus(after)))
        .flatMap(since -> doing.endedAt.filter(since::isBefore))
        .isPresent();
  }

  /** A process, or what Consul still takes for one that serves. */
  boolean isLeft(Instant now) {
    return !now.isBefore(placedAt)
        && (at(now).endedAt.isEmpty()
            || instances(now).anyMatch(instance -> instance.failing().isEmpty()));
  }

  AllocationSeen seen(Instant now) {
    var shown = shownAt(now);
    return new AllocationSeen(
        id,
        "node-1",
        Optional.of(address),
        shown.since,
        stopOrderedAt.isPresent(),
        shown.state,
        shown.restarts,
        isHealthy(now),
        problem(shown),
        events(shown));
  }

  private static List<TaskEvent> events(Doing shown) {
    var started = shown.since.map(at -> new TaskEvent(at, "server", "Started", ""));
    var exited =
        problem(shown)
            .flatMap(_ -> shown.endedAt.or(shown::since))
            .map(at -> new TaskEvent(at, "server", "Terminated", "Exit Code: 1"));
    return Stream.concat(started.stream(), exited.stream()).toList();
  }

  private static Optional<String> problem(Doing shown) {
    return shown.restarts > 0 || shown.state == State.FAILED
        ? Optional.of("task server: Terminated: Exit Code: 1")
        : Optional.empty();
  }

  void stop(Instant at) {
    stopOrderedAt = stopOrderedAt.or(() -> Optional.of(at));
  }

  /** Its client is not heard of any more; it is to be replaced. */
  void lose(Instant at) {
    lost = stopOrderedAt.isEmpty();
    stop(at);
  }

  boolean isToRun() {
    return stopOrderedAt.isEmpty();
  }

  FakeVersion version() {
    return version;
  }

  String group() {
    return group;
  }

  /** Nothing that its task would notice has changed. */
  void updateInPlace(FakeVersion next) {
    version = next;
  }

  private List<String> services() {
    return version.services();
  }
}
