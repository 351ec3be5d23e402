package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Line;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import java.util.Map;
import org.jboss.logging.Logger;

/** Removes commands for runs that have ended: nobody else answers them. */
final class LateCommands {
  private static final Logger LOG = Logger.getLogger(LateCommands.class);

  /** In one look: the rest must not hold up the runs. */
  private static final int MAX = 20;

  private final RunStore store;

  LateCommands(RunStore store) {
    this.store = store;
  }

  /** Whatever comes of it: anybody may write commands, so many that none can be read. */
  void remove(Look look, Pulse pulse) {
    try {
      store.commands().entrySet().stream()
          .filter(run -> !look.isDue(run.getKey()) && !isDueNow(run.getKey()))
          .flatMap(run -> run.getValue().stream().map(late -> Map.entry(run.getKey(), late)))
          .limit(MAX)
          .forEach(
              late -> {
                remove(late.getKey(), late.getValue());
                pulse.step();
              });
    } catch (PortFailure e) {
      LOG.warnf("commands for ended runs stay: %s", e.getMessage());
    }
  }

  /** Since the command was read: a run may have begun after all of them were looked at. */
  private boolean isDueNow(String name) {
    return Work.isDue(store.definition(name), store.status(name));
  }

  private void remove(String name, Command command) {
    LOG.warnf(
        "run %s: command %s removed, the run has ended", Line.of(name), Line.of(command.action()));
    store.removeCommand(name, command);
  }
}
