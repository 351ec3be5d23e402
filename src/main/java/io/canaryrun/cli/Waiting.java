package io.canaryrun.cli;

import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that follow a run which an operator carries. */
@Dependent
@Unremovable // Only picocli asks for it.
public final class Waiting {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "how long to follow, like 45m; the run itself goes on (exit code 4)")
  private Optional<Duration> timeout = Optional.empty();

  @Option(
      names = "--until",
      paramLabel = "decision",
      description = "follow no longer than until a person has to decide (exit code 5)")
  private Optional<Until> until = Optional.empty();

  @Mixin private DisplayOptions options;

  /** What to follow a run to, other than its end. */
  enum Until {
    decision
  }

  private final Instance<RunStore> store;
  private final Scheduler scheduler;
  private final Shutdown shutdown;

  Waiting(Instance<RunStore> store, Scheduler scheduler, Shutdown shutdown) {
    this.store = store;
    this.scheduler = scheduler;
    this.shutdown = shutdown;
  }

  RunStore store() {
    return store.get();
  }

  /** Whether it is said how long to follow, which asks for following. */
  boolean isAsked() {
    return timeout.isPresent() || until.isPresent();
  }

  /**
   * @return the exit code
   */
  int follow(String name, long generation) {
    var display = display();
    shutdown.on(() -> display.note("detached, the run goes on: canary wait " + name));
    try {
      return follower(display, name, generation).follow(timeout, () -> false);
    } finally {
      shutdown.off();
    }
  }

  /**
   * Follows one, or several at once line by line.
   *
   * @param generations by the names of their runs
   * @return the exit code; of several, that of the worst end
   */
  int follow(Map<String, Long> generations) {
    if (generations.size() == 1) {
      var only = generations.entrySet().iterator().next();
      return follow(only.getKey(), only.getValue());
    }
    var out = spec.commandLine().getOut();
    var all =
        new Followers(scheduler, () -> options.lines(out, scheduler), generations, this::follower);
    shutdown.on(all::detached);
    try {
      return all.follow(timeout);
    } finally {
      shutdown.off();
    }
  }

  private Follower follower(Display display, String name, long generation) {
    var untilTaken = "waiting for an operator to take generation " + generation + " up";
    return new Follower(
        store(), scheduler, display, name, generation, untilTaken, until.isPresent());
  }

  /** Says what came of the command before there is anything to follow. */
  void say(String text) {
    if (options.isJson()) {
      display().note(text);
    } else {
      spec.commandLine().getOut().println(text);
      spec.commandLine().getOut().flush();
    }
  }

  DisplayOptions options() {
    return options;
  }

  private Display display() {
    return options.display(spec.commandLine().getOut(), scheduler);
  }
}
