package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Follows several runs to their ends on one thread, and asks Consul to wait for all at once. */
final class Followers {
  /** Exit codes, the worst first: what failed comes before what goes on. */
  private static final List<Integer> SEVERITY = List.of(1, 2, 3, 6, 7, 4, 5, 0);

  /** Makes the follower of one run. */
  interface Following {
    Follower of(Display display, String name, long generation);
  }

  private final Scheduler scheduler;
  private final List<Follower> following;
  private final Display display;

  /**
   * @param displays makes one for each run, and one for all
   * @param generations by the names of their runs
   */
  Followers(
      Scheduler scheduler,
      Supplier<Display> displays,
      Map<String, Long> generations,
      Following each) {
    this.scheduler = scheduler;
    this.display = displays.get();
    this.following =
        generations.entrySet().stream()
            .map(
                it ->
                    each.of(
                        new OneOfSeveral(it.getKey(), displays.get()), it.getKey(), it.getValue()))
            .toList();
  }

  /** Says of a note which run it is about; a status does so itself. */
  private record OneOfSeveral(String name, Display display) implements Display {
    @Override
    public void show(RunStatus status) {
      display.show(status);
    }

    @Override
    public void note(String text) {
      display.note(name + ": " + text);
    }
  }

  /**
   * @param timeout of all together; empty: as long as it takes
   * @return the exit code of the worst end
   */
  int follow(Optional<Duration> timeout) {
    var end = timeout.map(scheduler.now()::plus);
    var left = new ArrayList<>(following);
    var codes = new ArrayList<Integer>();
    while (true) {
      for (var run : List.copyOf(left)) {
        run.look()
            .ifPresent(
                code -> {
                  codes.add(code);
                  left.remove(run);
                });
      }
      if (left.isEmpty()) {
        return worst(codes);
      }
      if (end.filter(scheduler.now()::isAfter).isPresent()) {
        display.note("--timeout is over, %d runs go on: canary wait NAME".formatted(left.size()));
        codes.add(ExitCode.TIMEOUT);
        return worst(codes);
      }
      left.getFirst().pause();
    }
  }

  /** Ctrl-C: nobody follows any more. */
  void detached() {
    display.note("detached, the runs go on: canary wait NAME");
  }

  static int worst(List<Integer> codes) {
    return codes.stream().min(Comparator.comparingInt(SEVERITY::indexOf)).orElseThrow();
  }
}
