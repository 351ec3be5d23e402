package io.canaryrun.operator;

import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All runs, as they are listed at one moment. */
record Look(Map<String, StoredDefinition> definitions, Map<String, StoredStatus> statuses) {

  static Look at(RunStore store) {
    return new Look(
        byName(store.definitions(), StoredDefinition::name),
        byName(store.statuses(), StoredStatus::name));
  }

  /** The statuses as they are now; owners write theirs each second. */
  Look withStatusesOf(RunStore store) {
    return new Look(definitions, byName(store.statuses(), StoredStatus::name));
  }

  private static <T> Map<String, T> byName(List<T> values, Function<T, String> name) {
    return values.stream().collect(Collectors.toMap(name, Function.identity()));
  }

  /** Whether there is something to do for a run, for whomever. */
  boolean isDue(String name) {
    return Work.isDue(definition(name), status(name));
  }

  /**
   * What somebody has to carry on, and nobody does.
   *
   * @param held runs that a worker has
   * @param session whose locks without a worker are no obstacle
   */
  List<Work> free(Set<String> held, String session) {
    var names = new TreeSet<>(definitions.keySet());
    names.addAll(statuses.keySet());
    return names.stream()
        .filter(name -> !held.contains(name))
        .flatMap(name -> Work.in(name, definition(name), status(name), session).stream())
        .toList();
  }

  /** Runs whose worker has ended, and Consul did not answer when it gave the lock back. */
  List<String> forgotten(Set<String> held, String session) {
    return statuses.values().stream()
        .filter(status -> status.lockedBy().equals(Optional.of(session)))
        .map(StoredStatus::name)
        .filter(name -> !held.contains(name))
        .filter(name -> !isDue(name))
        .toList();
  }

  private Optional<StoredDefinition> definition(String name) {
    return Optional.ofNullable(definitions.get(name));
  }

  private Optional<StoredStatus> status(String name) {
    return Optional.ofNullable(statuses.get(name));
  }
}
