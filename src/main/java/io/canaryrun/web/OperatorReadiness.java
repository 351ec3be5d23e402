package io.canaryrun.web;

import io.canaryrun.operator.Operator;
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

  OperatorReadiness(Operator operator) {
    this.operator = operator;
  }

  @Override
  public HealthCheckResponse call() {
    var age = operator.sinceLastLook();
    return HealthCheckResponse.named("Consul answers")
        .status(age.filter(it -> it.compareTo(MAX_AGE) < 0).isPresent())
        .withData("lastAnswer", operator.lastLook().map(Instant::toString).orElse("never"))
        .withData("activeRuns", operator.activeRuns())
        .build();
  }
}
