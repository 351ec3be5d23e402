package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.util.Optional;

/** Which generation of a run is meant now. */
final class RunNumber {
  private RunNumber() {}

  /** The generation of the definition, or, where its bytes were run already, of that run. */
  static long present(RunStore store, String name) {
    var definition = store.definition(name);
    var status = store.status(name).flatMap(StoredStatus::status);
    if (definition.isEmpty() && status.isEmpty()) {
      throw new UsageError("there is no run " + name + "; canary get lists all");
    }
    return definition
        .filter(text -> endedRun(text, status).isEmpty())
        .map(StoredDefinition::modifyIndex)
        .orElseGet(() -> status.get().generation().orElse(0));
  }

  /** The ended run of exactly these bytes. */
  private static Optional<RunStatus> endedRun(
      StoredDefinition definition, Optional<RunStatus> status) {
    return status.filter(
        run ->
            run.phase().isTerminal()
                && run.digest().equals(DefinitionCodec.digest(definition.text())));
  }
}
