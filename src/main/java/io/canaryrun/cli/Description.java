package io.canaryrun.cli;

import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.phase.Explanation;
import io.canaryrun.core.phase.RunStatus;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** All that is known of one generation of a run, for people. */
final class Description {
  static final String FIELD = "%-12s %s%n";

  private final PrintWriter out;

  Description(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param waiting commands that nobody has answered yet
   */
  void print(RunStatus status, List<Command> waiting) {
    head(status);
    section("Canaries");
    status.ledger().canaries().values().forEach(this::canary);
    if (!waiting.isEmpty()) {
      section("Asked for, not answered yet");
      waiting.forEach(command -> out.println("  " + inWords(command)));
    }
    section("What happened");
    status
        .transitions()
        .forEach(it -> out.printf("  %s  %-18s %s%n", time(it.at()), it.phase(), it.message()));
  }

  private void head(RunStatus status) {
    out.printf(FIELD, "Generation", StatusText.generation(status));
    out.printf(FIELD, "Phase", StatusText.word(status));
    out.printf(FIELD, "Message", status.message());
    Explanation.of(status).ifPresent(why -> out.printf(FIELD, "Why", why));
    out.printf(FIELD, "Started", time(status.startedAt()));
    status.verdictAt().ifPresent(at -> out.printf(FIELD, "Verdict", time(at)));
    status.finishedAt().ifPresent(at -> out.printf(FIELD, "Finished", time(at)));
    status.nomad().canaryJob().ifPresent(job -> out.printf(FIELD, "Canary job", job));
    status.nomad().productionJob().ifPresent(job -> out.printf(FIELD, "Production", job));
    status
        .owner()
        .filter(_ -> !status.phase().isTerminal())
        .ifPresent(owner -> out.printf(FIELD, "Held by", owner.instance()));
    out.printf(FIELD, "Evidence", evidence(status));
  }

  private void section(String title) {
    out.println();
    out.println(title);
  }

  private void canary(CanaryTally canary) {
    out.println(StatusText.canary(canary));
    if (canary.isTroubled() || canary.problem().isPresent()) {
      canary.shown().events().stream().map(StatusText::event).forEach(out::println);
    }
  }

  private static String inWords(Command command) {
    return switch (command) {
      case Command.Asked asked ->
          "%s for generation %d, %s".formatted(asked.action(), asked.generation(), asked);
      case Command.Unreadable(var action, _, var problem) -> action + ": " + problem;
    };
  }

  private static Instant time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String evidence(RunStatus status) {
    long errors = status.ledger().errors();
    return String.format(
        Locale.ROOT,
        "%,d of %,d requests, %,d error%s, at most %,d allowed",
        status.ledger().requests(),
        status.goal(),
        errors,
        errors == 1 ? "" : "s",
        status.maxErrors());
  }
}
