package io.canaryrun.operator;

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

  private static final Duration ASK_EVERY = Duration.ofSeconds(5);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  /** From the first question without an answer; Nomad's servers elect a leader in less. */
  private static final Duration CUT_OFF_AFTER = Duration.ofSeconds(15);

  /** Where no daemon reaches Nomad, runs would go from hand to hand. */
  private static final Duration GIVE_UP_EVERY = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Scheduler scheduler;
  private volatile Optional<Instant> lastAnswer = Optional.empty();
  private Optional<Duration> failingSince = Optional.empty();
  private volatile boolean cutOff;
  private Optional<Duration> gaveUpAt = Optional.empty();

  Reach(Cluster cluster, Scheduler scheduler) {
    this.cluster = cluster;
    this.scheduler = scheduler;
  }

  /**
   * Asks once.
   *
   * @return how soon to ask again
   */
  Duration ask() {
    var asked = scheduler.monotonic();
    try {
      cluster.ping();
    } catch (PortFailure.Unavailable e) {
      failed(asked, e.getMessage());
      return ASK_AGAIN;
    } catch (PortFailure refused) {
      // A refusal is an answer.
    }
    answered();
    return ASK_EVERY;
  }

  private void failed(Duration asked, String why) {
    if (failingSince.isEmpty()) {
      failingSince = Optional.of(asked); // One question alone says little, however long it takes.
    } else if (!cutOff && asked.minus(failingSince.get()).compareTo(CUT_OFF_AFTER) >= 0) {
      cutOff = true;
      LOG.warnf("Nomad cannot be reached from here: %s", why);
    }
  }

  private void answered() {
    lastAnswer = Optional.of(scheduler.now());
    failingSince = Optional.empty();
    if (cutOff) {
      cutOff = false;
      LOG.info("Nomad can be reached again");
    }
  }

  /** It has not answered for so long that something is wrong. */
  boolean isCutOff() {
    return cutOff;
  }

  boolean isTimeToGiveUp() {
    var now = scheduler.monotonic();
    return cutOff
        && gaveUpAt.filter(last -> now.minus(last).compareTo(GIVE_UP_EVERY) < 0).isEmpty();
  }

  void gaveUp() {
    gaveUpAt = Optional.of(scheduler.monotonic());
  }

  /** When it answered last, for people. Empty: never. */
  Optional<Instant> lastAnswer() {
    return lastAnswer;
  }
}
