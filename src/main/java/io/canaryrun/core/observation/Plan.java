package io.canaryrun.core.observation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What registering a job would lead to, as things are; nothing was changed to find out.
 *
 * @param difference from the job as it is registered; wholly added where it is not
 * @param updates what would become of the allocations of each group
 * @param placementProblem why some of them could not be placed; empty: all could
 * @param warnings on the job
 */
public record Plan(
    Difference difference,
    SortedMap<String, Updates> updates,
    Optional<String> placementProblem,
    List<String> warnings) {

  public Plan {
    updates = Collections.unmodifiableSortedMap(new TreeMap<>(updates));
    warnings = List.copyOf(warnings);
  }

  /** Numbers of allocations by what would become of them: {@code canary}, {@code ignore} … */
  public record Updates(Map<String, Integer> numbers) {
    public static final String CANARY = "canary";

    public Updates {
      numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
    }

    int canaries() {
      return numbers.getOrDefault(CANARY, 0);
    }
  }

  /** Nomad knows the job, and would replace allocations of a group that has canaries. */
  public boolean placesCanaries() {
    return updates.values().stream().anyMatch(group -> group.canaries() > 0);
  }
}
