package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.AllocationMetric;
import com.hashicorp.nomad.apimodel.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Why the scheduler could not place allocations, in words. */
final class PlacementProblem {
  /** A blocked evaluation waits behind the one that says why; a cancelled one says nothing. */
  private static final Set<String> SAYS_NOTHING = Set.of("blocked", "canceled");

  private PlacementProblem() {}

  /** By the newest evaluation; while that is still to be made, nothing is known. */
  static Optional<String> of(List<Evaluation> evaluations) {
    return evaluations.stream()
        .filter(it -> !SAYS_NOTHING.contains(it.getStatus()))
        .max(Comparator.comparing(Evaluation::getCreateIndex))
        .map(Evaluation::getFailedTgAllocs)
        .filter(failed -> !failed.isEmpty())
        .map(PlacementProblem::inWords);
  }

  /** By group. */
  static String inWords(Map<String, AllocationMetric> failed) {
    return new TreeMap<>(failed)
        .entrySet().stream()
            .map(group -> "group %s: %s".formatted(group.getKey(), inWords(group.getValue())))
            .collect(Collectors.joining("; "));
  }

  private static String inWords(AllocationMetric metric) {
    var reasons = new ArrayList<String>();
    counts(metric.getConstraintFiltered())
        .forEach(
            (why, nodes) -> reasons.add("constraint %s filtered %d nodes".formatted(why, nodes)));
    counts(metric.getDimensionExhausted())
        .forEach((what, nodes) -> reasons.add("%s exhausted on %d nodes".formatted(what, nodes)));
    ServingTask.list(metric.getQuotaExhausted())
        .forEach(what -> reasons.add("quota limit " + what));
    if (reasons.isEmpty()) {
      reasons.add(
          metric.getNodesEvaluated() == 0
              ? "no node of its datacenters and node pool is eligible"
              : "%d nodes filtered, %d exhausted"
                  .formatted(metric.getNodesFiltered(), metric.getNodesExhausted()));
    }
    return "cannot be placed: " + String.join(", ", reasons);
  }

  private static Map<String, Integer> counts(Map<String, Integer> counts) {
    return counts == null ? Map.of() : new TreeMap<>(counts);
  }
}
