package io.canaryrun.cli;

import io.canaryrun.operator.Operator;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.inject.Instance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The daemon. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the daemon: reconciles the runs in Consul KV until it is told to end.",
      "Serves health (/q/health) and metrics (/q/metrics) on QUARKUS_HTTP_PORT, default 8484."
    })
public final class AgentCommand implements Callable<Integer> {
  private final Instance<Operator> operator;
  private final Shutdown shutdown;

  AgentCommand(Instance<Operator> operator, Shutdown shutdown) {
    this.operator = operator;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() {
    var started = operator.get();
    shutdown.on(started::stop);
    started.start();
    Quarkus.waitForExit();
    return ExitCode.OK;
  }
}
