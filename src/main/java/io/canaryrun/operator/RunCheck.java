package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Whether the runs in Consul are in somebody's hands, and what lies beside them. */
final class RunCheck {
  /** Beyond the time in which an agent looks at everything and a lost lock can be taken. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<Finding> report;

  RunCheck(Ports ports, OperatorSettings settings, Consumer<Finding> report) {
    this.ports = ports;
    this.settings = settings;
    this.report = report;
  }

  /**
   * @param free tells the runs that have nothing live in Nomad
   */
  void check(Predicate<String> free) {
    var keys = ports.store().keys();
    var keyCheck = new KeyCheck(ports, new Retention(ports, settings));
    report("Locks", locks(), "each by a session that is open");
    report("Runs", unheld(keys.keySet()), keys.size() + " known, none that nobody carries on");
    report("Commands", lateCommands(), "none for a run that has ended");
    report(KeyCheck.FORGOTTEN, keyCheck.forgotten(keys, free), "each of a run with a definition");
    report(KeyCheck.GARBAGE, keyCheck.garbage(), "none that cannot be read");
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
    return found.stream().filter(this::isUnheld).map(this::unheld).toList();
  }

  private Finding unheld(String name) {
    var phase = openPhase(name);
    var found =
        Finding.problem(
            "Runs",
            "nobody carries on run %s, which %s"
                .formatted(name, phase.map("is "::concat).orElse("has a new definition")),
            "start an operator (canary agent) with this Consul and KV prefix, or look at its log%s"
                .formatted(phase.isPresent() ? "; --fix aborts the run" : ""));
    return phase.isEmpty()
        ? found
        : found.with(
            new Finding.Remedy("abort run %s and clean up".formatted(name), () -> abort(name)));
  }

  private boolean abort(String name) {
    try (var local = new LocalRun(ports, settings, _ -> {})) {
      local.endLeftover(name, "nobody carried it on: canary doctor --fix");
      return openPhase(name).isEmpty();
    } catch (LocalRun.NotTaken _) {
      return false;
    }
  }

  private boolean isUnheld(String name) {
    var status = ports.store().status(name);
    return status.flatMap(StoredStatus::lockedBy).isEmpty()
        && Work.isDue(ports.store().definition(name), status);
  }

  /** The phase of a run that has not ended; empty: it has, or there was none yet. */
  private Optional<String> openPhase(String name) {
    return ports
        .store()
        .status(name)
        .flatMap(StoredStatus::status)
        .filter(status -> !status.phase().isTerminal())
        .map(status -> status.phase().word());
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
            new Finding.Remedy(
                "remove command %s for run %s".formatted(command.action(), name),
                () -> {
                  ports.store().removeCommand(name, command);
                  return true;
                }));
  }
}
