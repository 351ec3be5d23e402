package io.canaryrun.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** What happened: told at once, and kept for the end. */
final class Journal {
  /**
   * How a release ended.
   *
   * @param problem empty: as it must
   */
  record Ending(Release release, String problem) {
    boolean isRight() {
      return problem.isEmpty();
    }
  }

  private final Instant begin = Instant.now();
  private final List<FaultKind> faults = new CopyOnWriteArrayList<>();
  private final List<Takeover> takeovers = new CopyOnWriteArrayList<>();
  private final List<Ending> endings = new CopyOnWriteArrayList<>();

  void tell(String text) {
    var seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    System.out.printf(Locale.ROOT, "chaos %6.1f s  %s%n", seconds, text);
  }

  void begun(Fault fault, String what) {
    faults.add(fault.kind());
    tell(fault.kind() + ": " + what);
  }

  void taken(Collection<Takeover> found) {
    takeovers.addAll(found);
    found.forEach(it -> tell(it.toString()));
  }

  void ended(Ending ending) {
    endings.add(ending);
    tell(
        ending.release().name()
            + (ending.isRight()
                ? " ended with " + ending.release().expected() + ", as it must"
                : " IS WRONG: " + ending.problem()));
  }

  List<FaultKind> faults() {
    return faults;
  }

  List<Takeover> takeovers() {
    return takeovers;
  }

  List<Ending> endings() {
    return endings;
  }
}
