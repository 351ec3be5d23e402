package io.canaryrun.core.analysis;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Trouble;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The counters of every canary allocation that a generation ever had. What was counted once is
 * never lost: not by a restart, a replacement, or a forgotten allocation.
 *
 * @param canaries by allocation ID, oldest first
 * @param earlier what allocations counted that are not listed any more
 */
public record Ledger(Map<String, CanaryTally> canaries, Earlier earlier) {

  public static final Ledger EMPTY = new Ledger(Map.of(), new Earlier(0, 0, 0, 0));

  /** Allocations unknown to Nomad that stay listed one by one; older ones are added up. */
  static final int MAX_FORGOTTEN = 20;

  public Ledger {
    canaries = Collections.unmodifiableMap(new LinkedHashMap<>(canaries));
  }

  /** The sum of what allocations counted that are not listed any more. */
  public record Earlier(long requests, long errors, int restarts, int failures) {
    Earlier plus(CanaryTally tally) {
      return new Earlier(
          requests + tally.totalRequests(),
          errors + tally.totalErrors(),
          restarts + tally.shown().restarts(),
          failures + (tally.isFailure() ? 1 : 0));
    }
  }

  public long requests() {
    return earlier.requests + sum(CanaryTally::totalRequests);
  }

  public long errors() {
    return earlier.errors + sum(CanaryTally::totalErrors);
  }

  /** Restarts of tasks plus allocations that failed or were lost. */
  public long restarts() {
    return earlier.restarts
        + earlier.failures
        + sum(tally -> tally.shown().restarts())
        + canaries.values().stream().filter(CanaryTally::isFailure).count();
  }

  public Optional<CanaryTally> tally(String allocId) {
    return Optional.ofNullable(canaries.get(allocId));
  }

  public List<CanaryTally> live() {
    return canaries.values().stream().filter(tally -> tally.shown().live()).toList();
  }

  /** How many canaries serve as they should. */
  public long healthy() {
    return live().stream().filter(tally -> tally.shown().healthy()).count();
  }

  /** Canaries that are not as they should be; those that serve again come last. */
  public List<Trouble> troubles() {
    return troubles(CanaryTally::isTroubled);
  }

  /** Of these, the ones that restarted, failed or were lost. */
  public List<Trouble> failures() {
    return troubles(tally -> tally.isFailure() || tally.shown().restarts() > 0);
  }

  private List<Trouble> troubles(Predicate<CanaryTally> kind) {
    return canaries.values().stream()
        .filter(kind)
        .sorted(Comparator.comparing(tally -> tally.shown().healthy()))
        .map(CanaryTally::trouble)
        .toList();
  }

  /** For somebody who goes on after a pause: nobody tried to read meanwhile. */
  public Ledger resumed() {
    var next = new LinkedHashMap<>(canaries);
    next.replaceAll((_, tally) -> tally.resumed());
    return new Ledger(next, earlier);
  }

  /** Takes over a complete list of the generation's allocations. */
  public Ledger seen(Collection<AllocationSeen> allocations) {
    var listed =
        allocations.stream().collect(Collectors.toMap(AllocationSeen::allocId, seen -> seen));
    var next = new LinkedHashMap<>(canaries);
    next.replaceAll((id, tally) -> listed.containsKey(id) ? tally : tally.gone());
    for (var seen : allocations) {
      next.merge(seen.allocId(), CanaryTally.of(seen), (tally, _) -> tally.seen(seen));
    }
    return new Ledger(next, earlier).withoutOldest(listed.keySet());
  }

  /** Takes over one read. */
  public Ledger read(Reading reading) {
    if (!canaries.containsKey(reading.allocId())) {
      return this;
    }
    return replaced(reading.allocId(), tally -> tally.read(reading));
  }

  private Ledger replaced(String allocId, UnaryOperator<CanaryTally> change) {
    var next = new LinkedHashMap<>(canaries);
    next.computeIfPresent(allocId, (_, tally) -> change.apply(tally));
    return new Ledger(next, earlier);
  }

  /** Adds up what Nomad has forgotten; what it still lists would otherwise be counted anew. */
  private Ledger withoutOldest(Set<String> listed) {
    var forgotten =
        canaries.values().stream().filter(tally -> !listed.contains(tally.allocId())).toList();
    var next = new LinkedHashMap<>(canaries);
    var sum = earlier;
    for (var tally : forgotten.subList(0, Math.max(0, forgotten.size() - MAX_FORGOTTEN))) {
      next.remove(tally.allocId());
      sum = sum.plus(tally);
    }
    return new Ledger(next, sum);
  }

  private long sum(ToLongFunction<CanaryTally> field) {
    return canaries.values().stream().mapToLong(field).sum();
  }
}
