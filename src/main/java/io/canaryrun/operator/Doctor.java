package io.canaryrun.operator;

import io.canaryrun.core.observation.Stamps;
import io.canaryrun.operator.OrphanSweep.Orphan;
import io.canaryrun.port.Cluster.StampedJob;
import io.canaryrun.port.PortFailure;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks at everything that this program depends on, and at what it may have left behind. Whatever
 * it tries out changes nothing; what can be done about a finding is offered with it.
 */
public final class Doctor {
  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<Finding> report;

  /**
   * @param report is told each finding as soon as there is one
   */
  public Doctor(Ports ports, OperatorSettings settings, Consumer<Finding> report) {
    this.ports = ports;
    this.settings = settings;
    this.report = report;
  }

  /** What a server does not answer is found once; what needs it is not looked at. */
  public void examine() {
    var permissions = new PermissionCheck(ports, settings, report);
    var consul = ServerCheck.CONSUL.check(ports.leases()::server, ports.scheduler(), report);
    if (consul) {
      permissions.consul();
    }
    var nomad = ServerCheck.NOMAD.check(ports.cluster()::server, ports.scheduler(), report);
    if (nomad) {
      permissions.nomad();
    }
    var withOrphans = new HashSet<String>();
    if (consul && nomad) {
      var _ = tryLook("Orphans", () -> orphans(withOrphans));
    }
    if (consul) {
      var _ = tryLook("Runs", () -> new RunCheck(ports, settings, report).check(withOrphans));
    }
  }

  /**
   * @return whether all was answered
   */
  private boolean tryLook(String check, Runnable look) {
    try {
      look.run();
      return true;
    } catch (PortFailure failure) {
      report.accept(
          Finding.problem(
              check,
              "could not be looked at: " + failure.getMessage(),
              "mend what is found above, and look again"));
      return false;
    }
  }

  /**
   * @param runs is told those of the orphans
   */
  private void orphans(Set<String> runs) {
    var sweep = Assembly.of(ports, settings, ports.leases().datacenter()).sweep();
    var candidates = sweep.candidates();
    var looked =
        candidates.stream()
            .filter(job -> tryLook("Orphans", () -> orphan(sweep, job, runs)))
            .count();
    if (looked == candidates.size() && runs.isEmpty()) {
      report.accept(
          Finding.ok(
              "Orphans",
              "none among %d live job%s of this installation"
                  .formatted(candidates.size(), candidates.size() == 1 ? "" : "s")));
    }
  }

  private void orphan(OrphanSweep sweep, StampedJob job, Set<String> runs) {
    sweep
        .find(job)
        .ifPresent(
            orphan -> {
              runs.add(Stamps.of(job.meta()).orElseThrow().run());
              report.accept(
                  Finding.problem(
                          "Orphans",
                          orphan.inWords(),
                          "any agent ends it within a minute, and so does --fix")
                      .with(new Ending(sweep, orphan)));
            });
  }

  /** What an agent's sweep does about an orphan. */
  private record Ending(OrphanSweep sweep, Orphan orphan) implements Finding.Remedy {
    @Override
    public String inWords() {
      return switch (orphan) {
        case Orphan.CanaryJob(_, var job, _) -> "stop job " + job.document().id();
        case Orphan.Canaries(var ended) ->
            "take back the canaries of job " + ended.productionJob().orElseThrow().id();
      };
    }

    @Override
    public boolean apply() {
      return sweep.end(orphan);
    }
  }
}
