package io.canaryrun.operator;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.RunStore.Started;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One run from start to end in this process, no daemon needed. Where this process dies, an agent
 * takes the run over, as it would from another agent.
 */
public final class LocalRun implements AutoCloseable {
  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<String> notes;
  private final Takeover takeover;
  private final Assembly assembly;
  private final Lease lease;
  private final Scheduler.Task renewal;
  private volatile Optional<RunWorker> worker = Optional.empty();
  private volatile Optional<String> abortAsked = Optional.empty();
  private Optional<Started> started = Optional.empty();
  private volatile boolean closed;

  /**
   * Opens a session.
   *
   * @param notes is told what holds the beginning up
   */
  public LocalRun(Ports ports, OperatorSettings settings, Consumer<String> notes) {
    this.ports = ports;
    this.settings = settings;
    this.notes = notes;
    this.takeover = new Takeover(ports, settings, notes, () -> abortAsked.isPresent());
    this.assembly = Assembly.of(ports, settings, ports.leases().datacenter());
    this.lease = Lease.open(ports.leases(), ports.scheduler(), settings);
    this.renewal = ports.scheduler().start("lease", this::renew);
  }

  /** Somebody else holds the run, or this process was told to end before it had the run. */
  public static final class NotTaken extends Exception {
    private static final long serialVersionUID = 1L;

    NotTaken(String message) {
      super(message);
    }
  }

  /**
   * Writes the definition and takes the run; what somebody left in the middle is ended first.
   *
   * @return the generation
   */
  public long begin(String name, String definition) throws NotTaken {
    endLeftover(name, "replaced by a new run of the same name");
    var begun = takeover.take(name, seen -> start(name, definition, seen));
    started = Optional.of(begun);
    return begun.generation();
  }

  /**
   * Carries the run to its end, or until this process is told to {@link #abort} it or loses its
   * session; the outcome is in its status.
   */
  public void carry() {
    var begun = started.orElseThrow();
    var status = begun.status().status().orElseThrow().numbered(begun.generation());
    work(begun.status(), status, Optional.empty());
  }

  /** Ends a run that somebody left in the middle, with all that it left running. */
  void endLeftover(String name, String why) throws NotTaken {
    var leftover =
        ports.store().status(name).flatMap(StoredStatus::status).filter(LocalRun::isOpen);
    if (leftover.isPresent()) {
      var claimed =
          takeover.take(
              name, seen -> ports.store().claim(name, seen, leftover.get(), lease.session()));
      var status = claimed.status().orElseThrow();
      if (isOpen(status)) {
        notes.accept(
            "run %s was left %s by %s: ending it first"
                .formatted(name, status.phase().word(), Takeover.holder(claimed)));
      }
      work(claimed, status.heldBy(owner()), Optional.of(why));
    }
  }

  private static boolean isOpen(RunStatus status) {
    return !status.phase().isTerminal();
  }

  private Optional<Started> start(String name, String definition, Optional<StoredStatus> seen) {
    var over = ports.store().definition(name).map(StoredDefinition::modifyIndex).orElse(0L);
    var initial =
        RunStatus.pending(
            name,
            OptionalLong.empty(),
            DefinitionCodec.digest(definition),
            ports.scheduler().now(),
            owner());
    return ports.store().start(name, definition, over, seen, initial, lease.session());
  }

  private void work(StoredStatus claimed, RunStatus status, Optional<String> abort) {
    var mine = assembly.worker(lease, claimed, status, () -> Duration.ofSeconds(1));
    worker = Optional.of(mine); // Before the question is asked, so that none is missed.
    abort.or(() -> abortAsked).ifPresent(mine::abort);
    mine.work();
    worker = Optional.empty();
  }

  /** Ends the run: the canary is stopped and cleaned up, then {@link #carry} returns. */
  public void abort(String why) {
    abortAsked = Optional.of(why);
    worker.ifPresent(mine -> mine.abort(why));
  }

  private Owner owner() {
    return new Owner(settings.instance(), lease.session());
  }

  private void renew() {
    while (!closed) {
      lease.renew();
      ports.scheduler().signal().await(Lease.renewEvery(settings));
    }
  }

  /** Gives everything back. */
  @Override
  public void close() {
    closed = true;
    renewal.interrupt();
    lease.destroy();
  }
}
