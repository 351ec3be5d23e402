package io.canaryrun.core.decision;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Line;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Transition;
import java.util.List;
import java.util.Optional;

/**
 * What people ask for. A command that cannot be heeded now and never will be is answered and
 * removed; {@code abort} and {@code promote} are heeded by the steps, which know when.
 */
final class Commands {
  /** Anybody may write any key. */
  private static final int MAX_ACTION_CHARS = 40;

  private Commands() {}

  /** The command of that kind for this generation. */
  static Optional<Command.Asked> asked(Command.Kind kind, long generation, Observation seen) {
    return all(seen).stream()
        .filter(Command.Asked.class::isInstance)
        .map(Command.Asked.class::cast)
        .filter(command -> command.kind() == kind && command.generation() == generation)
        .findFirst();
  }

  private static List<Command> all(Observation seen) {
    return seen.commands().orElse(List.of());
  }

  /** Empty: nothing to say to anybody in this pass. */
  static Optional<Decision> answer(long generation, Phase phase, boolean paused, Observation seen) {
    return all(seen).stream()
        .flatMap(command -> answer(generation, phase, paused, command).stream())
        .findFirst();
  }

  private static Optional<Decision> answer(
      long generation, Phase phase, boolean paused, Command command) {
    return switch (command) {
      case Command.Unreadable(_, _, var problem) -> refuse(command, paused, problem);
      case Command.Asked asked when asked.generation() != generation ->
          refuse(
              command,
              paused,
              "it is for generation %d, this is generation %d"
                  .formatted(asked.generation(), generation));
      case Command.Asked asked -> answer(phase, paused, asked);
    };
  }

  private static Optional<Decision> answer(Phase phase, boolean paused, Command.Asked asked) {
    return switch (asked.kind()) {
      case ABORT -> Optional.empty();
      case PAUSE ->
          paused
              ? refuse(asked, true, "the run is paused already")
              : Optional.of(new Decision.Answer(asked, true, "paused " + asked));
      case RESUME ->
          paused
              ? Optional.of(new Decision.Answer(asked, false, "resumed " + asked))
              : refuse(asked, false, "the run is not paused");
      case PROMOTE ->
          phase instanceof Phase.Observing
              ? paused
                  ? refuse(asked, true, "the run is paused: resume it first")
                  : Optional.empty()
              : refuse(asked, paused, "nothing is observed yet in phase " + phase.word());
    };
  }

  private static Optional<Decision> refuse(Command command, boolean paused, String why) {
    var whose = command instanceof Command.Asked asked ? " by " + asked.by() : "";
    return Optional.of(
        new Decision.Answer(
            command,
            paused,
            Transition.refused(
                "%s%s: %s".formatted(Line.of(command.action(), MAX_ACTION_CHARS), whose, why))));
  }

  /** A paused run takes no step forward; whatever ends it, still does. */
  static Decision held(Phase phase, Decision decision) {
    var forward =
        switch (decision) {
          case Decision.Move(var to, _, _) -> !to.isEnding() && !to.word().equals(phase.word());
          case Decision.Act(var action) -> action instanceof Action.SubmitCanary;
          case Decision.Freeze _, Decision.Answer _, Decision.Hold _, Decision.Done _ -> false;
        };
    return forward ? Pace.hold("paused") : decision;
  }
}
