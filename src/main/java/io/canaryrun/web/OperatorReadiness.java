package io.canaryrun.web;

import io.canaryrun.operator.Operator;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: all runs were looked at a short time ago, so Consul answers. */
@Readiness
public final class OperatorReadiness implements HealthCheck {
  private static final Duration MAX_AGE = Duration.ofSeconds(30);

  private final Operator operator;
  private final Scheduler scheduler;

  OperatorReadiness(Operator operator, Scheduler scheduler) {
    this.operator = operator;
    this.scheduler = scheduler;
  }

  @Override
  public HealthCheckResponse call() {
    var lastLook = operator.lastLook();
    return HealthCheckResponse.named("Consul answers")
        .status(lastLook.isAfter(scheduler.now().minus(MAX_AGE)))
        .withData("lastAnswer", lastLook.equals(Instant.MIN) ? "never" : lastLook.toString())
        .withData("activeRuns", operator.activeRuns())
        .build();
  }
}
