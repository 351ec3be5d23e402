package io.canaryrun.operator;

import io.canaryrun.port.PortFailure;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * What keeps repeated work from being done. Each is logged once until it is over; and the longer an
 * error of this program lasts, the less often the work is tried.
 */
final class Setbacks {
  private static final Logger LOG = Logger.getLogger(Setbacks.class);

  /** So that nothing is repeated in a tight loop. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String work;
  private String last = "";
  private Duration pause = FIRST_PAUSE;

  /**
   * @param work that is repeated, for people
   */
  Setbacks(String work) {
    this.work = work;
  }

  /**
   * Somebody may mend it at any time.
   *
   * @return how long to wait before the next try
   */
  Duration refused(PortFailure.Rejected why) {
    if (isNew(why)) {
      LOG.errorf("%s: %s; it is tried again", work, why.getMessage());
    }
    return FIRST_PAUSE;
  }

  /**
   * @return how long to wait before the next try
   */
  Duration failed(RuntimeException error) {
    if (isNew(error)) {
      LOG.errorf(error, "%s: an error of this program: %s; it is tried again", work, error);
    }
    var now = pause;
    var longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    return now;
  }

  private boolean isNew(RuntimeException setback) {
    var before = last;
    last = setback.toString();
    return !last.equals(before);
  }

  /** The work was done. */
  void over() {
    last = "";
    pause = FIRST_PAUSE;
  }
}
