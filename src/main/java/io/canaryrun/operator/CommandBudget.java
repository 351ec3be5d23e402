package io.canaryrun.operator;

import io.canaryrun.core.observation.Command;
import io.canaryrun.port.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How many commands of people a run takes up: each costs a pass and a write, and a flood of them
 * must not keep it from its canaries. Beyond it they wait, but for {@code abort}.
 */
final class CommandBudget {
  /** People do not need more; each that is refused is told in the status. */
  static final int PER_MINUTE = 20;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private static final Logger LOG = Logger.getLogger(CommandBudget.class);

  private final String run;
  private final Scheduler scheduler;
  private final Deque<Duration> taken = new ArrayDeque<>();
  private boolean told;

  CommandBudget(String run, Scheduler scheduler) {
    this.run = run;
    this.scheduler = scheduler;
  }

  /** One is taken up, whatever comes of it. */
  void spend() {
    taken.addLast(scheduler.monotonic());
  }

  /**
   * The command to remove together with what it led to. Beyond the budget none: somebody who goes
   * on writing it anew would have that refused each time.
   */
  Optional<Command> removed(Optional<Command> heeded) {
    if (heeded.isEmpty() || isSpent()) {
      return Optional.empty();
    }
    spend();
    return heeded;
  }

  boolean isSpent() {
    var since = scheduler.monotonic().minus(WINDOW);
    taken.removeIf(at -> at.compareTo(since) <= 0);
    return taken.size() >= PER_MINUTE;
  }

  /** Those that are taken up now. */
  List<Command> within(List<Command> commands, long generation) {
    var spent = isSpent();
    if (spent && !told) {
      LOG.warnf(
          "run %s: %d commands within a minute: but for abort, more are taken up later",
          run, PER_MINUTE);
    }
    told = spent;
    return spent
        ? commands.stream().filter(command -> isAbort(command, generation)).toList()
        : commands;
  }

  private static boolean isAbort(Command command, long generation) {
    return command instanceof Command.Asked asked
        && asked.kind() == Command.Kind.ABORT
        && asked.generation() == generation;
  }
}
