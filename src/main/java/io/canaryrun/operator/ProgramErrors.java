package io.canaryrun.operator;

import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Errors of this program in work that is repeated. Each is logged once until it is over; and the
 * longer they last, the less often the work is tried.
 */
final class ProgramErrors {
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Logger LOG = Logger.getLogger(ProgramErrors.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final String work;
  private String last = "";
  private Duration pause = FIRST_PAUSE;

  /**
   * @param work in which they happen and what becomes of it, for people
   */
  ProgramErrors(String work) {
    this.work = work;
  }

  /**
   * @return how long to wait before the next try
   */
  Duration happened(RuntimeException error) {
    if (!error.toString().equals(last)) {
      LOG.errorf(error, "%s: an error of this program: %s", work, error);
    }
    last = error.toString();
    var now = pause;
    var longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    return now;
  }

  /** The work was done without one. */
  void over() {
    last = "";
    pause = FIRST_PAUSE;
  }
}
