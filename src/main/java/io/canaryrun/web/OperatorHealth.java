package io.canaryrun.web;

import io.canaryrun.operator.Operator;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: all runs were looked at a short time ago, so Consul answers. */
@Readiness
public final class OperatorHealth implements HealthCheck {
  private static final Duration MAX_AGE = Duration.ofSeconds(30);

  private final Operator operator;
  private final Scheduler scheduler;

  OperatorHealth(Operator operator, Scheduler scheduler) {
    this.operator = operator;
    this.scheduler = scheduler;
  }

  @Override
  public HealthCheckResponse call() {
    var lastPass = operator.lastPass();
    return HealthCheckResponse.named("operator")
        .status(lastPass.isAfter(scheduler.now().minus(MAX_AGE)))
        .withData("lastPass", lastPass.toString())
        .withData("activeRuns", operator.activeRuns())
        .build();
  }
}
