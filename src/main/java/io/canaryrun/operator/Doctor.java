package io.canaryrun.operator;

import io.canaryrun.port.PortFailure;
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
    var readable = consul && permissions.consul();
    var nomad = ServerCheck.NOMAD.check(ports.cluster()::server, ports.scheduler(), report);
    if (nomad) {
      permissions.nomad();
    }
    var orphans = new OrphanCheck(ports, settings, report);
    if (consul && nomad) {
      orphans.check();
    } else {
      orphans.skip();
    }
    if (readable) {
      runs(orphans);
    } else if (consul) { // Every list would be empty, which proves nothing.
      report.accept(Finding.unknown("Runs", "keys may not be read"));
    }
  }

  private void runs(OrphanCheck orphans) {
    try {
      new RunCheck(ports, settings, report).check(orphans::isFree);
    } catch (PortFailure failure) {
      report.accept(Finding.unknown("Runs", failure.getMessage()));
    }
  }
}
