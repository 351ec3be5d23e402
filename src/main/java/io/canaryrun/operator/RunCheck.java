package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Whether the runs in Consul are in somebody's hands, and what lies beside them. */
final class RunCheck {
  /** Beyond the time in which an agent looks at everything and a lost lock can be taken. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private static final String KEYS_OF_RUNS = "Keys of runs";

  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<Finding> report;

  RunCheck(Ports ports, OperatorSettings settings, Consumer<Finding> report) {
    this.ports = ports;
    this.settings = settings;
    this.report = report;
  }

  /**
   * @param free tells the runs that have nothing live in Nomad: the keys of others tell how to end
   *     that
   */
  void check(Predicate<String> free) {
    var keys = ports.store().keys();
    report("Locks", locks(), "each by a session that is open");
    report("Runs", unheld(keys.keySet()), keys.size() + " known, none that nobody carries on");
    report("Commands", lateCommands(), "none for a run that has ended");
    report(KEYS_OF_RUNS, forgotten(keys, free), "each of a run with a definition");
    report("Other keys", garbage(), "none that cannot be read");
  }

  private void report(String check, List<Finding> findings, String allWell) {
    if (findings.isEmpty()) {
      report.accept(Finding.ok(check, allWell));
    }
    findings.forEach(report);
  }

  /** Consul gives a lock back when its session ends; one that stays was read or written by hand. */
  private List<Finding> locks() {
    return ports.store().statuses().stream()
        .flatMap(
            status ->
                status.lockedBy().stream()
                    .filter(session -> isDead(status.name(), session))
                    .map(session -> deadLock(status, session)))
        .toList();
  }

  /** The status is read again: both may have ended in between. */
  private boolean isDead(String run, String session) {
    return !ports.leases().isOpen(session)
        && ports
            .store()
            .status(run)
            .flatMap(StoredStatus::lockedBy)
            .filter(session::equals)
            .isPresent();
  }

  /** Nobody can take such a run, which matters while there is something to do. */
  private Finding deadLock(StoredStatus status, String session) {
    var found =
        "run %s is locked by session %s, which does not exist or may not be read"
            .formatted(status.name(), session);
    var key = settings.kvPrefix() + "status/" + status.name();
    var mend =
        "if the token has session_prefix \"\" { policy = \"read\" }: consul kv get %s | consul kv put -release -session=%s %s -"
            .formatted(key, session, key);
    return isDue(status.name())
        ? Finding.problem("Locks", found, mend)
        : Finding.warning("Locks", found, mend);
  }

  private List<Finding> unheld(Set<String> names) {
    var found = names.stream().filter(this::isUnheld).toList();
    if (found.isEmpty()) {
      return List.of();
    }
    // Agents take a run up within this time; only then is one without an owner left alone.
    ports.scheduler().signal().await(Operator.RESYNC.plus(settings.lockDelay()).plus(MARGIN));
    return found.stream()
        .filter(this::isUnheld)
        .map(
            name ->
                Finding.problem(
                    "Runs",
                    "nobody carries on run %s, which %s".formatted(name, standing(name)),
                    "start an agent (canary agent) with this Consul and KV prefix, or look at its log"))
        .toList();
  }

  private boolean isUnheld(String name) {
    var status = ports.store().status(name);
    return status.flatMap(StoredStatus::lockedBy).isEmpty()
        && Work.isDue(ports.store().definition(name), status);
  }

  private String standing(String name) {
    return ports
        .store()
        .status(name)
        .flatMap(StoredStatus::status)
        .filter(status -> !status.phase().isTerminal())
        .map(status -> "is " + status.phase().word())
        .orElse("has a new definition");
  }

  private List<Finding> lateCommands() {
    return ports.store().commands().entrySet().stream()
        .filter(commands -> !isDue(commands.getKey()))
        .flatMap(
            commands ->
                commands.getValue().stream().map(command -> late(commands.getKey(), command)))
        .toList();
  }

  private boolean isDue(String name) {
    return Work.isDue(ports.store().definition(name), ports.store().status(name));
  }

  private Finding late(String name, Command command) {
    return Finding.warning(
            "Commands",
            "%s for run %s, which has ended".formatted(command.action(), name),
            "any agent removes it, and so does --fix")
        .with(
            remedy(
                "remove command %s for run %s".formatted(command.action(), name),
                () -> {
                  ports.store().removeCommand(name, command);
                  return true;
                }));
  }

  private List<Finding> forgotten(Map<String, List<String>> keys, Predicate<String> free) {
    return keys.entrySet().stream()
        .filter(run -> !isKnown(run.getKey()))
        .map(run -> forgotten(run.getKey(), run.getValue().size(), free))
        .toList();
  }

  /** It has a definition, or is not over yet. */
  private boolean isKnown(String name) {
    var status = ports.store().status(name);
    return ports.store().definition(name).isPresent()
        || status.flatMap(StoredStatus::lockedBy).isPresent()
        || status
            .flatMap(StoredStatus::status)
            .filter(now -> !now.phase().isTerminal())
            .isPresent();
  }

  private Finding forgotten(String name, int number, Predicate<String> free) {
    var found =
        "%d key%s of run %s, which has no definition"
            .formatted(number, number == 1 ? "" : "s", name);
    return free.test(name)
        ? Finding.warning(
                KEYS_OF_RUNS, found, "--fix removes what is left of it, its history as well")
            .with(remedy("remove all keys of run " + name, () -> forget(name)))
        : Finding.warning(
            KEYS_OF_RUNS, found, "they are kept until nothing of it is seen to be live in Nomad");
  }

  private boolean forget(String name) {
    var status = ports.store().status(name);
    return !isKnown(name) && ports.store().forget(name, status);
  }

  private List<Finding> garbage() {
    return ports.store().garbage().stream()
        .map(
            it ->
                Finding.problem(
                    "Other keys",
                    "%s %s".formatted(it.key(), it.problem()),
                    "somebody else wrote it; consul kv delete %s removes it".formatted(it.key())))
        .toList();
  }

  /** What a person agreed to. */
  private interface Act {
    boolean perform();
  }

  private static Finding.Remedy remedy(String inWords, Act act) {
    return new Finding.Remedy() {
      @Override
      public String inWords() {
        return inWords;
      }

      @Override
      public boolean apply() {
        return act.perform();
      }
    };
  }
}
