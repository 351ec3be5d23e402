package io.canaryrun.operator;

import io.canaryrun.port.StoredStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Keys that nobody needs, or nobody can read. */
final class KeyCheck {
  static final String FORGOTTEN = "Keys of runs";
  static final String GARBAGE = "Other keys";

  private final Ports ports;
  private final Retention retention;

  KeyCheck(Ports ports, Retention retention) {
    this.ports = ports;
    this.retention = retention;
  }

  /**
   * @param keys by run
   * @param free tells the runs that have nothing live in Nomad: the keys of others tell how to end
   *     that
   */
  List<Finding> forgotten(Map<String, List<String>> keys, Predicate<String> free) {
    return keys.entrySet().stream()
        .filter(run -> !isKnown(run.getKey()))
        .map(run -> forgotten(run.getKey(), run.getValue().size(), free))
        .toList();
  }

  /** It has a definition, is not over yet, or is kept for those who ask how it ended. */
  private boolean isKnown(String name) {
    var status = ports.store().status(name);
    return ports.store().definition(name).isPresent()
        || status.flatMap(StoredStatus::lockedBy).isPresent()
        || (status.flatMap(StoredStatus::status).isPresent()
            && status.filter(retention::isOld).isEmpty());
  }

  private Finding forgotten(String name, int number, Predicate<String> free) {
    var found =
        "%d key%s of run %s, which has no definition"
            .formatted(number, number == 1 ? "" : "s", name);
    return free.test(name)
        ? Finding.warning(FORGOTTEN, found, "--fix removes what is left of it, its history as well")
            .with(new Finding.Remedy("remove all keys of run " + name, () -> forget(name)))
        : Finding.warning(
            FORGOTTEN, found, "they are kept until nothing of it is seen to be live in Nomad");
  }

  private boolean forget(String name) {
    var status = ports.store().status(name);
    return !isKnown(name) && ports.store().forget(name, status);
  }

  List<Finding> garbage() {
    return ports.store().garbage().stream()
        .map(
            it ->
                Finding.problem(
                    GARBAGE,
                    "%s %s".formatted(it.key(), it.problem()),
                    "somebody else wrote it; consul kv delete %s removes it".formatted(it.key())))
        .toList();
  }
}
