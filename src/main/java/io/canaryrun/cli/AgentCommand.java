package io.canaryrun.cli;

import io.canaryrun.operator.Operator;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Scheduler;
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
      "Serves health (/q/health) and metrics (/q/metrics) on QUARKUS_HTTP_PORT, default 8484.",
      "Where one of its threads hangs for ten minutes or dies, it ends with exit code 70."
    })
public final class AgentCommand implements Callable<Integer> {
  private final Instance<Operator> operator;
  private final Instance<Watchdog> watchdog;
  private final Instance<Scheduler> scheduler;
  private final Shutdown shutdown;

  AgentCommand(
      Instance<Operator> operator,
      Instance<Watchdog> watchdog,
      Instance<Scheduler> scheduler,
      Shutdown shutdown) {
    this.operator = operator;
    this.watchdog = watchdog;
    this.scheduler = scheduler;
    this.shutdown = shutdown;
  }

  @Override
  public Integer call() {
    var started = operator.get();
    shutdown.on(started::stop);
    new LastResort(watchdog.get(), scheduler.get(), Runtime.getRuntime()::halt).start();
    started.start();
    Quarkus.waitForExit();
    return ExitCode.OK;
  }
}
