package io.canaryrun.operator;

import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.ServiceCatalog;
import java.util.List;

/** A definition that will not work as asked. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  Refusal(Reason reason, String why) {
    super(why, null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  /** Nothing of what was asked for is echoed: it may be somebody else's secret. */
  static void unless(boolean allowed, String what, String setting) {
    if (!allowed) {
      throw new Refusal(Reason.NOT_ALLOWED, "the " + what + " is not allowed by " + setting);
    }
  }

  /** That all canaries are gone can be verified only by somebody who may look. */
  static void unlessReadable(ServiceCatalog catalog, List<String> services) {
    try {
      catalog.instances(services);
    } catch (PortFailure.Rejected rejected) {
      throw new Refusal(Reason.NOT_ALLOWED, rejected.getMessage());
    }
  }

  static void ifStopped(JobSeen production) {
    if (production.stopped()) {
      throw new Refusal(
          Reason.JOB_REJECTED,
          "production job %s is stopped: start it, or purge it"
              .formatted(production.document().id()));
    }
  }
}
