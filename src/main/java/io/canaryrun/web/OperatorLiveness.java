package io.canaryrun.web;

import io.canaryrun.operator.Operator;
import io.canaryrun.operator.Vitals.Sign;
import io.canaryrun.operator.Watchdog;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive: every thread gets on. That Consul or Nomad does not answer is no reason to be restarted,
 * and none here.
 */
@Liveness
public final class OperatorLiveness implements HealthCheck {
  private final Operator operator;
  private final Watchdog watchdog;

  OperatorLiveness(Operator operator, Watchdog watchdog) {
    this.operator = operator;
    this.watchdog = watchdog;
  }

  /** Each thread that there is once, and of the many of runs the one that is longest ago. */
  @Override
  public HealthCheckResponse call() {
    var stuck = watchdog.check();
    var answer = HealthCheckResponse.named("threads get on").status(stuck.isEmpty());
    stuck.forEach(it -> answer.withData("stuck " + it.thread(), it.since().toString()));
    var signs = operator.vitals().signs();
    Predicate<Sign> ofRun = sign -> sign.thread().startsWith("run-");
    Predicate<Sign> ofCounters = sign -> sign.thread().startsWith("counters-");
    signs.stream()
        .filter(ofRun.or(ofCounters).negate())
        .forEach(sign -> answer.withData(sign.thread(), sign.lastPass().toString()));
    for (var many : List.of(ofRun, ofCounters)) {
      signs.stream()
          .filter(many)
          .min(Comparator.comparing(Sign::lastPass))
          .ifPresent(sign -> answer.withData(sign.thread(), sign.lastPass().toString()));
    }
    return answer.build();
  }
}
