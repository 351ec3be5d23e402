package io.canaryrun.cli;

import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** Follows one generation of a run to its end, and shows how it goes. */
final class Follower {
  private final RunStore store;
  private final Scheduler scheduler;
  private final Display display;
  private final String name;
  private final long generation;
  private final String untilTaken;
  private final boolean untilDecision;
  private final Lookout lookout;

  /**
   * @param untilTaken what to say while the generation has no status yet
   * @param untilDecision whether to follow no longer than until a person has to decide
   */
  Follower(
      RunStore store,
      Scheduler scheduler,
      Display display,
      String name,
      long generation,
      String untilTaken,
      boolean untilDecision) {
    this.store = store;
    this.scheduler = scheduler;
    this.display = display;
    this.name = name;
    this.generation = generation;
    this.untilTaken = untilTaken;
    this.untilDecision = untilDecision;
    this.lookout = new Lookout(store, scheduler, display::note);
  }

  /**
   * @param timeout empty: as long as it takes
   * @param isAlone whether nobody carries the run any more, so that it need not be waited for
   * @return the exit code
   */
  int follow(Optional<Duration> timeout, BooleanSupplier isAlone) {
    var end = timeout.map(scheduler.now()::plus);
    while (true) {
      boolean last = isAlone.getAsBoolean();
      var code = look();
      if (code.isPresent()) {
        return code.getAsInt();
      }
      if (last) {
        display.note(
            "the run was not carried to its end here: an operator goes on with it, or the next canary"
                + " run ends it");
        return ExitCode.ERROR;
      }
      if (end.filter(scheduler.now()::isAfter).isPresent()) {
        display.note("--timeout is over, the run goes on: canary wait " + name);
        return ExitCode.TIMEOUT;
      }
      pause();
    }
  }

  /** A change of any status ends it early. */
  void pause() {
    lookout.pause();
  }

  /** The exit code, once there is one. */
  OptionalInt look() {
    return lookout.look(this::tryLook).orElse(OptionalInt.empty());
  }

  private OptionalInt tryLook() {
    var status = store.status(name).flatMap(StoredStatus::status);
    long present = status.flatMap(Follower::number).orElse(0L);
    if (present == generation) {
      return show(status.get());
    }
    if (present > generation) {
      return overtaken();
    }
    var definition = store.definition(name).map(StoredDefinition::modifyIndex);
    if (definition.filter(now -> now == generation).isPresent()) {
      display.note(untilTaken);
      return OptionalInt.empty();
    }
    if (store.status(name).flatMap(StoredStatus::status).flatMap(Follower::number).orElse(0L)
        >= generation) {
      return OptionalInt.empty(); // Taken up between the two reads: look again.
    }
    display.note(
        definition.isEmpty()
            ? "the definition was deleted before its run began"
            : "the definition was replaced before its run began");
    return OptionalInt.of(definition.isEmpty() ? ExitCode.DELETED : ExitCode.OVERTAKEN);
  }

  private static Optional<Long> number(RunStatus status) {
    return status.generation().stream().boxed().findFirst();
  }

  private OptionalInt overtaken() {
    var past =
        store.history(name).stream()
            .filter(ended -> number(ended).equals(Optional.of(generation)))
            .findFirst();
    if (past.isPresent()) {
      return show(past.get());
    }
    display.note("the definition was replaced before its run began");
    return OptionalInt.of(ExitCode.OVERTAKEN);
  }

  private OptionalInt show(RunStatus status) {
    display.show(status);
    var decision = NextCommand.toDecide(status).filter(_ -> untilDecision);
    if (decision.isPresent()) {
      display.note("a person has to decide: " + decision.get());
      return OptionalInt.of(ExitCode.DECISION);
    }
    return status.phase().isTerminal()
        ? OptionalInt.of(status.phase().endReason().orElseThrow().exitCode())
        : OptionalInt.empty();
  }
}
