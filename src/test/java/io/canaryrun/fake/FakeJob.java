package io.canaryrun.fake;

import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final String id;
  private final Set<Long> canaried = new HashSet<>();
  private final Map<Long, Instant> promoted = new HashMap<>();
  private final Set<Long> reverted = new HashSet<>();
  private boolean failsNewPrograms;
  private boolean failsAfterPromotion;

  /** Numbers allocations across all jobs. */
  interface NumberSource {
    int next();
  }

  FakeJob(String id, Function<FakeVersion, Behaviour> behaviour, NumberSource numbers) {
    this.id = id;
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

  void failAfterPromotion() {
    failsAfterPromotion = true;
  }

  void add(FakeVersion version) {
    var overtaken =
        new Rollout.Failed("Cancelled due to newer version of job", Rollout.Cause.OVERTAKEN);
    rollouts.replaceAll((_, rollout) -> isOver(rollout) ? rollout : overtaken);
    versions.add(version);
  }

  private static boolean isOver(Rollout rollout) {
    return rollout instanceof Rollout.Successful || rollout instanceof Rollout.Failed;
  }

  /**
   * @return false: that is no running deployment of this job, or its canaries are not healthy
   */
  boolean promote(String deploymentId, Instant now) {
    if (!deploymentId.equals(deploymentId()) || isOver(presentRollout())) {
      return false;
    }
    if (promoted.containsKey(present().number())) {
      return true;
    }
    if (!(presentRollout() instanceof Rollout.AwaitingPromotion)) {
      return false;
    }
    promoted.put(present().number(), now);
    rollouts.put(present().number(), new Rollout.Promoted("just promoted"));
    return true;
  }

  /**
   * @return false: that is no running deployment of this job
   */
  boolean fail(String deploymentId, Rollout.Cause cause) {
    if (!deploymentId.equals(deploymentId()) || isOver(presentRollout())) {
      return false;
    }
    var why =
        switch (cause) {
          case STOPPED -> "Deployment marked as failed";
          case UNHEALTHY -> "Failed due to progress deadline";
          case OVERTAKEN -> "Cancelled because job is stopped";
        };
    rollouts.put(present().number(), new Rollout.Failed(why, cause));
    return true;
  }

  /** No deployment is going on. */
  boolean isSettled() {
    return isOver(presentRollout());
  }

  Rollout presentRollout() {
    return rollout(present().number());
  }

  private String deploymentId() {
    return id + "-" + present().number();
  }

  /** The last good version, where the present one failed and asks for that; once. */
  Optional<JobDocument> toRevert() {
    var failed =
        presentRollout() instanceof Rollout.Failed(_, var cause)
            && cause != Rollout.Cause.OVERTAKEN
            && present().revertsItself()
            && reverted.add(present().number());
    return failed
        ? versions().stream()
            .filter(version -> rollout(version.number()) instanceof Rollout.Successful)
            .filter(version -> !version.runsTheSame(present()))
            .map(version -> version.changed(false))
            .findFirst()
        : Optional.empty();
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
    return isOver(rollout)
        ? rollout
        : new Rollout.Failed("Cancelled because job is stopped", Rollout.Cause.OVERTAKEN);
  }

  private void schedule(FakeVersion version, String group, int count, Instant now) {
    replaceFailed(version, group, now);
    toRun(group).stream()
        .filter(it -> it.version().number() < version.number() && isUnpromoted(it.version()))
        .forEach(it -> it.stop(now)); // Canaries of a deployment that was overtaken.
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
    if (awaitsPromotion(version, group, outdated)) {
      var missing = version.canaries(group) - current.size();
      for (; missing > 0; missing--) {
        place(version, group, now);
      }
      return;
    }
    if (presentRollout() instanceof Rollout.Failed && isUnpromoted(version)) {
      current.forEach(allocation -> allocation.stop(now));
      current.clear();
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

  /** Outdated allocations are left as they are until then. */
  private boolean awaitsPromotion(
      FakeVersion version, String group, List<FakeAllocation> outdated) {
    if (isOver(presentRollout()) || version.canaries(group) == 0) {
      return false;
    }
    if (!outdated.isEmpty() && !promoted.containsKey(version.number())) {
      canaried.add(version.number());
    }
    return isUnpromoted(version);
  }

  boolean isUnpromoted(FakeVersion version) {
    return canaried.contains(version.number()) && !promoted.containsKey(version.number());
  }

  /** One at a time, the next when the last is healthy: {@code max_parallel} is 1. */
  private boolean mayGoOn(FakeVersion version, List<FakeAllocation> current, Instant now) {
    return !isOver(rollout(version.number()))
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
    var fails =
        (failsNewPrograms && !wasGood(version))
            || (failsAfterPromotion && promoted.containsKey(version.number()));
    var behaves = fails ? usual.neverHealthy() : usual;
    allocations.add(new FakeAllocation(numbers.next(), group, version, behaves, now));
  }

  private boolean wasGood(FakeVersion version) {
    return versions.stream()
        .filter(other -> rollout(other.number()) instanceof Rollout.Successful)
        .anyMatch(other -> other.runsTheSame(version));
  }

  private void follow(FakeVersion version, Instant now) {
    if (isOver(rollout(version.number()))) {
      return;
    }
    var unpromoted = isUnpromoted(version);
    int wanted =
        version.counts().entrySet().stream()
            .mapToInt(group -> unpromoted ? version.canaries(group.getKey()) : group.getValue())
            .sum();
    var healthy =
        allocations.stream()
            .filter(
                it ->
                    it.isToRun() && it.version().number() == version.number() && it.isHealthy(now))
            .count();
    rollouts.put(version.number(), rollout(version, wanted, healthy, now));
  }

  private Rollout rollout(FakeVersion version, int wanted, long healthy, Instant now) {
    var unpromoted = isUnpromoted(version);
    if (healthy >= wanted) {
      return unpromoted ? new Rollout.AwaitingPromotion(deploymentId()) : new Rollout.Successful();
    }
    var since = promoted.getOrDefault(version.number(), version.registeredAt());
    // Canaries that were healthy once never meet the progress deadline.
    var latched = unpromoted && presentRollout() instanceof Rollout.AwaitingPromotion;
    var message = "%d of %d healthy".formatted(healthy, wanted);
    if (!latched && !now.isBefore(since.plus(PROGRESS_DEADLINE))) {
      return new Rollout.Failed("Failed due to progress deadline", Rollout.Cause.UNHEALTHY);
    }
    if (unpromoted) {
      return latched ? presentRollout() : new Rollout.AwaitingHealth(deploymentId(), message);
    }
    return promoted.containsKey(version.number())
        ? new Rollout.Promoted(message)
        : new Rollout.InProgress(message);
  }
}
