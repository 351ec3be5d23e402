package io.canaryrun.operator;

import io.canaryrun.core.observation.Line;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Whether this daemon reaches Nomad. Without it no run gets on here, not even to its stop order,
 * while another daemon may reach it: so it claims after the others, and gives up what it holds.
 */
final class Reach {
  private static final Logger LOG = Logger.getLogger(Reach.class);

  static final Duration ASK_EVERY = Duration.ofSeconds(5);

  /** Longer than Nomad's servers take to elect a leader. */
  static final Duration CUT_OFF_AFTER = Duration.ofSeconds(15);

  /** Where no daemon reaches Nomad, runs would go from hand to hand. */
  private static final Duration GIVE_UP_EVERY = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Scheduler scheduler;
  private volatile Duration lastAnswer;
  private volatile Optional<Instant> lastAnswerAt = Optional.empty();
  private Optional<Duration> gaveUpAt = Optional.empty();
  private boolean told;

  Reach(Cluster cluster, Scheduler scheduler) {
    this.cluster = cluster;
    this.scheduler = scheduler;
    this.lastAnswer = scheduler.monotonic();
  }

  /** Asks once. */
  void ask() {
    try {
      cluster.ping();
      answered();
    } catch (PortFailure.Unavailable e) {
      if (isCutOff() && !told) {
        told = true;
        LOG.warnf("Nomad cannot be reached from here: %s", Line.of(e.getMessage()));
      }
    } catch (PortFailure refused) {
      answered(); // A refusal is an answer.
    }
  }

  private void answered() {
    lastAnswer = scheduler.monotonic();
    lastAnswerAt = Optional.of(scheduler.now());
    if (told) {
      told = false;
      LOG.info("Nomad can be reached again");
    }
  }

  /** It has not answered for so long that something is wrong. */
  boolean isCutOff() {
    return scheduler.monotonic().minus(lastAnswer).compareTo(CUT_OFF_AFTER) >= 0;
  }

  boolean isTimeToGiveUp() {
    var now = scheduler.monotonic();
    return isCutOff()
        && gaveUpAt.filter(last -> now.minus(last).compareTo(GIVE_UP_EVERY) < 0).isEmpty();
  }

  void gaveUp() {
    gaveUpAt = Optional.of(scheduler.monotonic());
  }

  /** When it answered last, for people. Empty: never. */
  Optional<Instant> lastAnswer() {
    return lastAnswerAt;
  }
}
