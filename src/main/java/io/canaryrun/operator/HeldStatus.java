package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Line;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.core.spec.CanaryJobSpec.Mode;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * A run's status as it was persisted last, by whoever holds the run's lock. Each write is fenced by
 * that lock and by the index of the write before it.
 */
final class HeldStatus {
  private static final Logger LOG = Logger.getLogger(HeldStatus.class);

  private final Ports ports;
  private final Lease lease;
  private final String name;
  private final String shown;
  private volatile RunStatus status;
  private long index;
  private Instant writtenAt = Instant.MIN;

  /**
   * @param claimed as it was locked by {@code lease}
   * @param status what it says
   */
  HeldStatus(Ports ports, Lease lease, StoredStatus claimed, RunStatus status) {
    this.ports = ports;
    this.lease = lease;
    this.name = claimed.name();
    this.shown = Line.of(name);
    this.status = status;
    this.index = claimed.modifyIndex();
  }

  String name() {
    return name;
  }

  RunStatus now() {
    return status;
  }

  Instant writtenAt() {
    return writtenAt;
  }

  /** The generation's number in words, for logs. */
  String generation() {
    return status.generation().isPresent() ? "" + status.generation().getAsLong() : "unknown";
  }

  /** A number that is known now; it is persisted with the next write. */
  void number(long generation) {
    status = status.numbered(generation);
  }

  /** What its generation says about it; it is persisted with the next write. */
  void describe(Generation frozen) {
    status = described(status, frozen);
  }

  /** A status with what is known from the moment the generation is frozen. */
  static RunStatus described(RunStatus status, Generation frozen) {
    return status.frozen(jobs(frozen), frozen.spec().analysis());
  }

  private static NomadJobs jobs(Generation frozen) {
    return new NomadJobs(
        frozen.spec().nomad().namespace(),
        frozen.spec().nomad().region(),
        frozen.mode() == Mode.JOB ? Optional.of(frozen.canaryJob().id()) : Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        frozen.productionJob().map(job -> job.id()),
        frozen
            .before()
            .map(before -> OptionalLong.of(before.version()))
            .orElse(OptionalLong.empty()));
  }

  /**
   * @param heeded the command that led to it; it is removed at the same time
   * @return false: the run is not held any more
   */
  boolean write(RunStatus next, Optional<Command> heeded) {
    return took(next, ports.store().write(next, index, lease.session(), heeded));
  }

  /**
   * Persists the generation together with the status.
   *
   * @return false: the run is not held any more
   * @throws PortFailure.Rejected the generation is too large
   */
  boolean freeze(Generation frozen, RunStatus next) {
    return took(next, ports.store().freeze(frozen, next, index, lease.session()));
  }

  private boolean took(RunStatus next, OptionalLong newIndex) {
    if (newIndex.isEmpty()) {
      return reread();
    }
    writtenAt = ports.scheduler().now();
    persisted(next, newIndex.getAsLong());
    return true;
  }

  private void persisted(RunStatus next, long newIndex) {
    var transition = !next.phase().word().equals(status.phase().word());
    index = newIndex;
    status = next;
    if (transition) {
      LOG.infof(
          "run %s generation %s: %s: %s",
          shown, generation(), next.phase().word(), Line.of(next.message()));
      ports.notifier().transition(next);
    }
  }

  /**
   * Reads it anew after a write whose fate is unknown or that was refused.
   *
   * @return false: the run is not held any more
   */
  boolean reread() {
    try {
      var stored = ports.store().status(name);
      var held =
          stored
              .filter(now -> now.lockedBy().filter(lease.session()::equals).isPresent())
              .flatMap(StoredStatus::status);
      held.ifPresent(now -> persisted(now, stored.get().modifyIndex()));
      return held.isPresent();
    } catch (PortFailure e) {
      LOG.warnf("run %s: %s", shown, e.getMessage());
      return true; // Not known: the next pass tries again.
    }
  }

  /** Gives the lock back. */
  void release() {
    try {
      ports.store().release(name, lease.session());
    } catch (PortFailure e) {
      LOG.warnf("run %s: lock not released, it ends with the session: %s", shown, e.getMessage());
    }
  }
}
