package io.canaryrun.operator;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run that somebody has to carry on: one that has not ended, or a definition that is new.
 *
 * @param seen its status; empty: it has none yet
 */
record Work(String name, Optional<StoredDefinition> definition, Optional<StoredStatus> seen) {

  /** Empty: nothing to do, or somebody else does it. */
  static Optional<Work> in(
      String name,
      Optional<StoredDefinition> definition,
      Optional<StoredStatus> seen,
      String session) {
    if (seen.flatMap(StoredStatus::lockedBy).filter(by -> !by.equals(session)).isPresent()) {
      return Optional.empty();
    }
    return isDue(definition, seen)
        ? Optional.of(new Work(name, definition, seen))
        : Optional.empty();
  }

  /** Whether there is something to do, and nobody does it. */
  static boolean isFree(Optional<StoredDefinition> definition, Optional<StoredStatus> seen) {
    return seen.flatMap(StoredStatus::lockedBy).isEmpty() && isDue(definition, seen);
  }

  /** Whether there is something to do, for whomever. */
  static boolean isDue(Optional<StoredDefinition> definition, Optional<StoredStatus> seen) {
    var status = seen.flatMap(StoredStatus::status);
    return status.filter(now -> !now.phase().isTerminal()).isPresent()
        || definition.filter(text -> isNew(text, status)).isPresent();
  }

  /** Bytes that were run already are no new generation: a restored KV starts nothing. */
  private static boolean isNew(StoredDefinition definition, Optional<RunStatus> status) {
    return status
        .filter(
            ended ->
                ended.generation().orElse(0) >= definition.modifyIndex()
                    || ended.digest().equals(DefinitionCodec.digest(definition.text())))
        .isEmpty();
  }

  /** The status that this work begins or goes on with. */
  RunStatus begin(Instant now, Owner owner) {
    return seen.flatMap(StoredStatus::status)
        .filter(status -> !status.phase().isTerminal())
        .map(status -> status.heldBy(owner))
        .orElseGet(
            () ->
                RunStatus.pending(
                    name,
                    OptionalLong.of(definition.orElseThrow().modifyIndex()),
                    DefinitionCodec.digest(definition.orElseThrow().text()),
                    now,
                    owner));
  }
}
