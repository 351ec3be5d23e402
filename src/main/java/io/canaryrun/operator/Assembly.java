package io.canaryrun.operator;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What all workers of a process share.
 *
 * @param sweep of orphans
 * @param retention of runs without a definition
 */
record Assembly(
    Ports ports,
    OperatorSettings settings,
    Preparer preparer,
    Observer observer,
    Effects effects,
    OrphanSweep sweep,
    Retention retention,
    Vitals vitals) {

  /**
   * @param datacenter Consul's: with the KV prefix, it marks this installation's jobs
   */
  static Assembly of(Ports ports, OperatorSettings settings, String datacenter) {
    return of(ports, settings, datacenter, new Vitals(ports.scheduler()));
  }

  /**
   * @param vitals where its threads show that they get on
   */
  static Assembly of(Ports ports, OperatorSettings settings, String datacenter, Vitals vitals) {
    var owner = datacenter + "/" + settings.kvPrefix();
    var classifier = new Classifier(ports.cluster(), owner);
    var claims = new Claims(ports.store());
    var preparer = new Preparer(ports, settings.allow(), claims, classifier, owner);
    var effects = new Effects(ports.cluster(), classifier);
    return new Assembly(
        ports,
        settings,
        preparer,
        new Observer(ports, preparer, claims, classifier),
        effects,
        new OrphanSweep(ports, settings, effects, classifier, owner),
        new Retention(ports, settings),
        vitals);
  }

  /**
   * @param claimed locked by {@code lease}
   * @param status what to begin or go on with
   */
  RunWorker worker(
      Lease lease, StoredStatus claimed, RunStatus status, Supplier<Duration> flushEvery) {
    var held = new HeldStatus(ports, lease, claimed, status);
    return new RunWorker(ports, settings, observer, effects, lease, held, vitals, flushEvery);
  }
}
