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

/**
 * One run from start to end in this process, no daemon needed. Where this process dies, an agent
 * takes the run over, as it would from another agent.
 */
public final class LocalRun implements AutoCloseable {
  private final Ports ports;
  private final OperatorSettings settings;
  private final Assembly assembly;
  private final Lease lease;
  private final Scheduler.Task renewal;
  private volatile Optional<RunWorker> worker = Optional.empty();
  private volatile Optional<String> abortAsked = Optional.empty();
  private Optional<Started> started = Optional.empty();
  private volatile boolean closed;

  /** Opens a session. */
  public LocalRun(Ports ports, OperatorSettings settings) {
    this.ports = ports;
    this.settings = settings;
    this.assembly = Assembly.of(ports, settings, ports.leases().datacenter());
    this.lease = Lease.open(ports.leases(), ports.scheduler(), settings);
    this.renewal = ports.scheduler().start("lease", this::renew);
  }

  /** Somebody holds the run, or somebody else wrote its definition or status in between. */
  public static final class Held extends Exception {
    private static final long serialVersionUID = 1L;

    Held(String message) {
      super(message);
    }
  }

  /**
   * Writes the definition and takes the run; what somebody left in the middle is ended first.
   *
   * @return the generation
   */
  public long begin(String name, String definition) throws Held {
    endLeftover(name);
    var begun = start(name, definition);
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

  /** A run that somebody left in the middle is ended first, with all that it left running. */
  private void endLeftover(String name) throws Held {
    var stored = ports.store().status(name);
    refuseHeld(name, stored);
    var unfinished =
        stored.flatMap(StoredStatus::status).filter(status -> !status.phase().isTerminal());
    if (unfinished.isPresent()) {
      var status = unfinished.get().heldBy(owner());
      var claimed =
          ports
              .store()
              .claim(name, stored, status, lease.session())
              .orElseThrow(() -> heldBy(name, "somebody who was faster"));
      work(claimed, status, Optional.of("replaced by a new run of the same name"));
    }
  }

  private Started start(String name, String definition) throws Held {
    var stored = ports.store().status(name);
    refuseHeld(name, stored);
    var over = ports.store().definition(name).map(StoredDefinition::modifyIndex).orElse(0L);
    var initial =
        RunStatus.pending(
            name,
            OptionalLong.empty(),
            DefinitionCodec.digest(definition),
            ports.scheduler().now(),
            owner());
    return ports
        .store()
        .start(name, definition, over, stored, initial, lease.session())
        .orElseThrow(() -> heldBy(name, "somebody who was faster"));
  }

  private static void refuseHeld(String name, Optional<StoredStatus> stored) throws Held {
    if (stored.flatMap(StoredStatus::lockedBy).isPresent()) {
      throw heldBy(
          name,
          stored
              .flatMap(StoredStatus::status)
              .flatMap(RunStatus::owner)
              .map(Owner::instance)
              .orElse("session " + stored.flatMap(StoredStatus::lockedBy).get()));
    }
  }

  private static Held heldBy(String name, String whom) {
    return new Held(
        "run %s is held by %s: wait for its end, or abort it first".formatted(name, whom));
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
