package io.canaryrun.fake;

import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A job: its versions, its allocations, and what the scheduler does about them. */
final class FakeJob {
  /** From the crash of an allocation for good until it is replaced. */
  private static final Duration RESCHEDULED_AFTER = Duration.ofSeconds(2);

  /** Nomad's default is ten minutes. */
  private static final Duration PROGRESS_DEADLINE = Duration.ofSeconds(10);

  private final List<FakeVersion> versions = new ArrayList<>();
  private final List<FakeAllocation> allocations = new ArrayList<>();
  private final Map<Long, Rollout> rollouts = new HashMap<>();
  private final Set<FakeAllocation> replaced = new HashSet<>();
  private final Function<FakeVersion, Behaviour> behaviour;
  private final NumberSource numbers;
  private boolean failsNewPrograms;

  /** Numbers allocations across all jobs. */
  interface NumberSource {
    int next();
  }

  FakeJob(Function<FakeVersion, Behaviour> behaviour, NumberSource numbers) {
    this.behaviour = behaviour;
    this.numbers = numbers;
  }

  FakeVersion present() {
    return versions.getLast();
  }

  /** Newest first. */
  List<FakeVersion> versions() {
    return versions.reversed();
  }

  List<FakeAllocation> allocations() {
    return allocations;
  }

  /** From now on, what has never been rolled out successfully never is. */
  void failNewPrograms() {
    failsNewPrograms = true;
  }

  void add(FakeVersion version) {
    versions.add(version);
  }

  Rollout rollout(long version) {
    return rollouts.getOrDefault(version, new Rollout.InProgress("not scheduled yet"));
  }

  /** A round of the scheduler. */
  void schedule(Instant now) {
    var version = present();
    if (version.registeredAt().isAfter(now)) {
      return;
    }
    if (version.stopped()) {
      allocations.forEach(allocation -> allocation.stop(now));
      rollouts.replaceAll((_, rollout) -> cancelled(rollout));
      return;
    }
    rollouts.computeIfAbsent(version.number(), _ -> new Rollout.InProgress("just begun"));
    if (version.unmetConstraint().isEmpty()) {
      version.counts().forEach((group, count) -> schedule(version, group, count, now));
    }
    follow(version, now);
  }

  private static Rollout cancelled(Rollout rollout) {
    return rollout instanceof Rollout.InProgress
        ? new Rollout.Failed("cancelled because job is stopped")
        : rollout;
  }

  private void schedule(FakeVersion version, String group, int count, Instant now) {
    replaceFailed(version, group, now);
    var outdated = new ArrayList<FakeAllocation>();
    var current = new ArrayList<FakeAllocation>();
    for (var allocation : toRun(group)) {
      if (allocation.version().runsTheSame(version)) {
        allocation.updateInPlace(version);
        current.add(allocation);
      } else {
        outdated.add(allocation);
      }
    }
    var surplus = outdated.size() + current.size() - count;
    for (var allocation : outdated.subList(0, Math.clamp(surplus, 0, outdated.size()))) {
      allocation.stop(now);
    }
    current.reversed().stream()
        .limit(Math.max(0, current.size() - count))
        .forEach(allocation -> allocation.stop(now));
    for (int missing = -surplus; missing > 0; missing--) {
      place(version, group, now);
    }
    if (surplus == 0 && !outdated.isEmpty() && mayGoOn(version, current, now)) {
      outdated.getFirst().stop(now); // Its successor is placed in the next round.
    }
  }

  /** One at a time, the next when the last is healthy: {@code max_parallel} is 1. */
  private boolean mayGoOn(FakeVersion version, List<FakeAllocation> current, Instant now) {
    return rollout(version.number()) instanceof Rollout.InProgress
        && current.stream().allMatch(allocation -> allocation.isHealthy(now));
  }

  private void replaceFailed(FakeVersion version, String group, Instant now) {
    for (var failed : toRun(group)) {
      var doing = failed.shownAt(now.minus(RESCHEDULED_AFTER));
      if (doing.state() == State.FAILED && replaced.add(failed)) {
        failed.stop(now);
        place(version, group, now);
      }
    }
  }

  private List<FakeAllocation> toRun(String group) {
    return allocations.stream()
        .filter(allocation -> allocation.isToRun() && allocation.group().equals(group))
        .toList();
  }

  private void place(FakeVersion version, String group, Instant now) {
    var usual = behaviour.apply(version);
    var behaves = failsNewPrograms && !wasGood(version) ? usual.neverHealthy() : usual;
    allocations.add(new FakeAllocation(numbers.next(), group, version, behaves, now));
  }

  private boolean wasGood(FakeVersion version) {
    return versions.stream()
        .filter(other -> rollout(other.number()) instanceof Rollout.Successful)
        .anyMatch(other -> other.runsTheSame(version));
  }

  private void follow(FakeVersion version, Instant now) {
    if (!(rollout(version.number()) instanceof Rollout.InProgress)) {
      return;
    }
    int wanted = version.counts().values().stream().mapToInt(count -> count).sum();
    var healthy =
        allocations.stream()
            .filter(
                it ->
                    it.isToRun() && it.version().number() == version.number() && it.isHealthy(now))
            .count();
    rollouts.put(version.number(), rollout(version, wanted, healthy, now));
  }

  private static Rollout rollout(FakeVersion version, int wanted, long healthy, Instant now) {
    if (healthy >= wanted) {
      return new Rollout.Successful();
    }
    return now.isBefore(version.registeredAt().plus(PROGRESS_DEADLINE))
        ? new Rollout.InProgress("%d of %d healthy".formatted(healthy, wanted))
        : new Rollout.Failed("Failed due to progress deadline");
  }
}
