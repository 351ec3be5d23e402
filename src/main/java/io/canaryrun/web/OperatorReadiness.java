package io.canaryrun.web;

import io.canaryrun.operator.Operator;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: Consul and Nomad answer, so that runs get on here. All runs were looked at a short time
 * ago, and Nomad's servers have a leader.
 */
@Readiness
public final class OperatorReadiness implements HealthCheck {
  private static final Duration MAX_AGE = Duration.ofSeconds(30);

  private final Operator operator;

  OperatorReadiness(Operator operator) {
    this.operator = operator;
  }

  @Override
  public HealthCheckResponse call() {
    var consul = operator.sinceLastLook().filter(age -> age.compareTo(MAX_AGE) < 0).isPresent();
    var nomad = operator.reachesNomad();
    return HealthCheckResponse.named("Consul and Nomad answer")
        .status(consul && nomad)
        .withData("consul", consul ? "answers" : "does not answer")
        .withData("lastAnswerOfConsul", inWords(operator.lastLook()))
        .withData("nomad", nomad ? "answers" : "does not answer")
        .withData("lastAnswerOfNomad", inWords(operator.lastAnswerOfNomad()))
        .withData("activeRuns", operator.activeRuns())
        .build();
  }

  private static String inWords(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("never");
  }
}
