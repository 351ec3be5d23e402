package io.canaryrun.operator;

import io.canaryrun.core.observation.Stamps;
import io.canaryrun.operator.OrphanSweep.Orphan;
import io.canaryrun.port.Cluster.StampedJob;
import io.canaryrun.port.PortFailure;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Finds what an agent's sweep would end. */
final class OrphanCheck {
  private static final String CHECK = "Orphans";

  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<Finding> report;
  private final Set<String> runs = new HashSet<>();
  private int live;
  private boolean complete = true;

  OrphanCheck(Ports ports, OperatorSettings settings, Consumer<Finding> report) {
    this.ports = ports;
    this.settings = settings;
    this.report = report;
  }

  /** Whether a run is seen to have nothing in Nomad that its keys tell how to end. */
  boolean isFree(String run) {
    return complete && !runs.contains(run);
  }

  /** Nomad, or what tells whose its jobs are, cannot be asked. */
  void skip() {
    complete = false;
  }

  void check() {
    try {
      var sweep = Assembly.of(ports, settings, ports.leases().datacenter()).sweep();
      sweep.regions().forEach(region -> check(sweep, region));
      if (complete && runs.isEmpty()) {
        report.accept(
            Finding.ok(
                CHECK,
                "none among %d live job%s of this installation"
                    .formatted(live, live == 1 ? "" : "s")));
      }
    } catch (PortFailure failure) {
      unknown(failure);
    }
  }

  private void check(OrphanSweep sweep, String region) {
    try {
      var candidates = sweep.candidates(region);
      live += candidates.size();
      candidates.forEach(job -> check(sweep, job));
    } catch (PortFailure failure) {
      unknown(failure);
    }
  }

  private void check(OrphanSweep sweep, StampedJob job) {
    try {
      sweep
          .find(job)
          .ifPresent(
              orphan -> {
                runs.add(Stamps.of(job.meta()).orElseThrow().run());
                report.accept(
                    Finding.problem(
                            CHECK,
                            orphan.inWords(),
                            "any agent ends it within a minute, and so does --fix")
                        .with(new Finding.Remedy(remedy(orphan), () -> sweep.end(orphan))));
              });
    } catch (PortFailure failure) {
      unknown(failure);
    }
  }

  private void unknown(PortFailure failure) {
    complete = false;
    report.accept(Finding.unknown(CHECK, failure.getMessage()));
  }

  private static String remedy(Orphan orphan) {
    return switch (orphan) {
      case Orphan.CanaryJob(_, var job, _) -> "stop job " + job.document().id();
      case Orphan.Canaries(var ended) ->
          "take back the canaries of job " + ended.productionJob().orElseThrow().id();
      case Orphan.LostCanaries(_, var job, _) ->
          "fail the deployment of job " + job.document().id();
    };
  }
}
