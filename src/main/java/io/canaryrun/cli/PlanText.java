package io.canaryrun.cli;

import io.canaryrun.codec.GoDuration;
import io.canaryrun.codec.JobOutline;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.spec.CanaryJobSpec.Mode;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.operator.Forecast;
import io.canaryrun.operator.RunPlan;
import io.canaryrun.operator.RunPlan.Change;
import io.canaryrun.operator.RunPlan.Outlook;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A plan for people. */
final class PlanText {
  private final PrintWriter out;

  PlanText(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param inFull shows the whole derived job
   */
  void print(RunPlan plan, boolean inFull) {
    field("Run", plan.run().name());
    field("Nomad", target(plan.run()));
    plan.generation().ifPresent(generation -> job(generation, inFull));
    plan.changes().forEach(change -> change(plan, change));
    if (inFull || !plan.changes().isEmpty()) {
      out.println();
    }
    field("Promote", promotion(plan.run()));
    field("Evidence", evidence(plan.run()));
    field("Duration", duration(plan.forecast()));
    plan.notes().forEach(note -> field("Note", note));
    field("Outlook", outlook(plan.outlook()));
  }

  private void field(String name, String value) {
    out.printf("%-12s %s%n", name, value);
  }

  private static String target(CanaryRun run) {
    return "namespace %s, %s"
        .formatted(
            run.nomad().namespace(),
            run.nomad().region().map(region -> "region " + region).orElse("the agent's region"));
  }

  private void job(Generation generation, boolean inFull) {
    var job = generation.canaryJob();
    field(
        "Canary job",
        generation.mode() == Mode.JOB
            ? job.id()
            : "%s itself, with canaries of its own".formatted(job.id()));
    JobOutline.groups(job).forEach(group -> field("", inWords(group)));
    field("Canaries", "" + generation.canaries());
    if (inFull) {
      out.println();
      out.println(JobOutline.pretty(job));
    }
  }

  private static String inWords(JobOutline.Group group) {
    return "group \"%s\": count %d, %s"
        .formatted(
            group.name(),
            group.count(),
            group.services().isEmpty()
                ? "no service in Consul"
                : "service%s %s"
                    .formatted(
                        group.services().size() == 1 ? "" : "s",
                        String.join(", ", group.services())));
  }

  private void change(RunPlan plan, Change change) {
    out.println();
    out.println(
        "Nomad's plan for job %s%s".formatted(change.job().id(), when(plan.run(), change.role())));
    lines(DifferenceText.lines(change.plan()), "");
    change.plan().placementProblem().ifPresent(why -> lines(List.of(why), "placement: "));
    lines(change.plan().warnings(), "warning: ");
  }

  private void lines(List<String> lines, String before) {
    lines.forEach(line -> out.println("  " + before + line));
  }

  private static String when(CanaryRun run, Role role) {
    return role == Role.PRODUCTION && run.canary().mode() == Mode.JOB
        ? ", after a good verdict"
        : "";
  }

  private static String promotion(CanaryRun run) {
    var what =
        switch (run.promotion().mode()) {
          case DEPLOY -> "deploy";
          case NONE -> "none: a good canary is stopped, nothing is deployed";
        };
    return switch (run.promotion().approval()) {
      case AUTOMATIC -> what;
      case MANUAL -> what + ", once a person has approved it";
    };
  }

  private static String evidence(CanaryRun run) {
    var analysis = run.analysis();
    return String.format(
        Locale.ROOT,
        "%,d requests with at most %,d error%s: %s confidence that a fault of 1 in %,.0f shows",
        analysis.requests(),
        analysis.maxErrors(),
        analysis.maxErrors() == 1 ? "" : "s",
        percent(analysis.confidence(analysis.requests())),
        1 / analysis.faultRate());
  }

  /** Never rounded up to certainty. */
  private static String percent(double probability) {
    return String.format(Locale.ROOT, "%.4f %%", Math.floor(probability * 1_000_000) / 10_000);
  }

  private static String duration(Forecast forecast) {
    return switch (forecast) {
      case Forecast.Unknown(var why) -> "not known: " + why;
      case Forecast.Expected expected ->
          String.format(
              Locale.ROOT,
              "about %s once healthy: %d canaries beside %d allocations get %.0f %% of now %,.1f requests per second%s",
              GoDuration.format(rounded(expected.observing())),
              expected.canaries(),
              expected.production(),
              100 * expected.share(),
              expected.requestsPerSecond(),
              expected.unread().map(why -> " (not all were read: " + why + ")").orElse(""));
    };
  }

  /** No more exact than it can be. */
  private static Duration rounded(Duration time) {
    var step = time.compareTo(Duration.ofMinutes(2)) < 0 ? 1 : 60;
    return Duration.ofSeconds(Math.ceilDiv(time.toSeconds(), step) * step);
  }

  private static String outlook(Outlook outlook) {
    return switch (outlook) {
      case Outlook.Runs() -> "it would run";
      case Outlook.Ends(var reason, var why) ->
          "it would end %s (%s): %s".formatted(reason.outcome().word(), reason.word(), why);
    };
  }
}
