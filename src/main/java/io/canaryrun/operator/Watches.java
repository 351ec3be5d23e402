package io.canaryrun.operator;

import io.canaryrun.port.PortFailure;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Waits for news from Consul and Nomad. They only wake: what there is to do is looked at anew. */
final class Watches {
  private static final Logger LOG = Logger.getLogger(Watches.class);

  /** Of a blocking query and of an event stream; then it begins anew. */
  static final Duration AT_MOST = Duration.ofMinutes(1);

  /**
   * After a failure of the events, and from one question of a watch to the next at least: a busy KV
   * must not keep us busy, and news after a quiet time must not wait.
   */
  static final Duration PAUSE = Duration.ofMillis(500);

  /** After Nomad refused its events: somebody has to give permission first. */
  static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

  private final Ports ports;
  private final Listener listener;
  private volatile boolean stopping;

  /** Who is woken. */
  interface Listener {
    void definitionsChanged();

    /** A run may have ended or lost its owner; the owners' own progress is no news to them. */
    void statusesChanged();

    void jobChanged(String jobId);
  }

  Watches(Ports ports, Listener listener) {
    this.ports = ports;
    this.listener = listener;
  }

  /** Each round that begins after this is the last one. */
  void stop() {
    stopping = true;
  }

  void definitions(Pulse pulse) {
    watch(pulse, ports.store()::awaitDefinitionChange, listener::definitionsChanged);
  }

  void statuses(Pulse pulse) {
    watch(pulse, ports.store()::awaitStatusChange, listener::statusesChanged);
  }

  /** A blocking query. */
  private interface Watch {
    long await(long after, Duration atMost);
  }

  private void watch(Pulse pulse, Watch query, Runnable onChange) {
    long index = 0;
    while (!stopping) {
      var asked = ports.scheduler().monotonic();
      try {
        var next = query.await(index, AT_MOST);
        if (next != index) {
          index = next;
          onChange.run();
        }
      } catch (PortFailure e) {
        LOG.debugf("watch: %s", e.getMessage());
      }
      rest(pulse, PAUSE.minus(ports.scheduler().monotonic().minus(asked)));
    }
  }

  /** Without them, runs go on all the same, only that nothing wakes them before their time. */
  void events(String namespace, Pulse pulse) {
    var told = false;
    while (!stopping) {
      var pause = PAUSE;
      try {
        ports.cluster().followEvents(namespace, listener::jobChanged, AT_MOST);
        told = false;
      } catch (PortFailure.Rejected e) {
        LOG.log(told || stopping ? Logger.Level.DEBUG : Logger.Level.WARN, e.getMessage());
        told = true;
        pause = REFUSED_PAUSE;
      } catch (PortFailure e) {
        LOG.debug(e.getMessage());
      }
      rest(pulse, pause);
    }
  }

  private void rest(Pulse pulse, Duration length) {
    if (length.isPositive()) {
      pulse.rest(ports.scheduler().signal(), length);
    } else {
      pulse.passed();
    }
  }
}
