package io.canaryrun.operator;

import io.canaryrun.port.Leases;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * This process's session. Whoever holds it may act only while it is fresh: renewed within half its
 * TTL, by this process's own monotonic clock.
 */
final class Lease {
  private static final Logger LOG = Logger.getLogger(Lease.class);

  private final Leases leases;
  private final Scheduler scheduler;
  private final OperatorSettings settings;
  private final String session;
  private volatile Duration renewedAt;
  private volatile boolean lost;

  private Lease(
      Leases leases,
      Scheduler scheduler,
      OperatorSettings settings,
      String session,
      Duration openedAt) {
    this.leases = leases;
    this.scheduler = scheduler;
    this.settings = settings;
    this.session = session;
    this.renewedAt = openedAt;
  }

  static Lease open(Leases leases, Scheduler scheduler, OperatorSettings settings) {
    var before = scheduler.monotonic();
    var session = leases.open(settings.instance(), settings.sessionTtl(), settings.lockDelay());
    return new Lease(leases, scheduler, settings, session, before);
  }

  String session() {
    return session;
  }

  boolean isFresh() {
    var age = scheduler.monotonic().minus(renewedAt);
    return !lost && age.compareTo(settings.sessionTtl().dividedBy(2)) < 0;
  }

  /** Gone for good: a new one is needed. */
  boolean isLost() {
    return lost;
  }

  /** How often to {@link #renew}: often enough that one lost renewal does no harm. */
  static Duration renewEvery(OperatorSettings settings) {
    return settings.sessionTtl().dividedBy(5);
  }

  /** Counts from before the request: Consul may have taken it as early as that. */
  void renew() {
    var before = scheduler.monotonic();
    try {
      if (leases.renew(session)) {
        renewedAt = before;
      } else {
        lost = true;
      }
    } catch (PortFailure e) {
      LOG.warnf("session %s not renewed: %s", session, e.getMessage());
    }
  }

  void destroy() {
    lost = true;
    try {
      leases.destroy(session);
    } catch (PortFailure e) {
      LOG.warnf("session %s not destroyed, it ends by itself: %s", session, e.getMessage());
    }
  }
}
