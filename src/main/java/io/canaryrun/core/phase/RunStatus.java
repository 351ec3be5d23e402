package io.canaryrun.core.phase;

import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.spec.Analysis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a run's present or last generation: everything that is written to {@code
 * canary/status/<name>}.
 *
 * @param generation empty only while {@code canary run} does not know it yet
 * @param digest of the definition, {@code sha256:…}
 * @param message one sentence on where the run stands
 * @param paused a person holds it: no step forward is taken
 * @param startedAt when the generation was taken up
 * @param verdictAt when the evidence was found good or bad
 * @param ledger the counters of all canaries, enough to go on counting after a takeover
 * @param goal requests that make a good verdict; 0 while unknown
 * @param maxErrors errors that are put up with; 0 while unknown
 * @param faultRate the rate that the confidence shown is about
 * @param transitions oldest first, at most {@value #MAX_TRANSITIONS}
 */
public record RunStatus(
    String name,
    OptionalLong generation,
    String digest,
    Phase phase,
    String message,
    boolean paused,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<Instant> verdictAt,
    Instant updatedAt,
    NomadJobs nomad,
    Ledger ledger,
    long goal,
    long maxErrors,
    double faultRate,
    List<Transition> transitions,
    Optional<Owner> owner) {

  /** So that the status stays within its size limit; the oldest go. */
  public static final int MAX_TRANSITIONS = 100;

  public RunStatus {
    int tooMany = Math.max(0, transitions.size() - MAX_TRANSITIONS);
    transitions = List.copyOf(transitions.subList(tooMany, transitions.size()));
  }

  /** The jobs of the run, as far as known. */
  public record NomadJobs(
      String namespace,
      Optional<String> region,
      Optional<String> canaryJob,
      OptionalLong canaryJobModifyIndex,
      Optional<String> deploymentId,
      Optional<String> productionJob,
      OptionalLong productionVersion) {

    public static final NomadJobs UNKNOWN =
        new NomadJobs(
            "default",
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty());

    public NomadJobs withCanaryJobModifyIndex(long index) {
      return new NomadJobs(
          namespace,
          region,
          canaryJob,
          OptionalLong.of(index),
          deploymentId,
          productionJob,
          productionVersion);
    }

    public NomadJobs withDeploymentId(String id) {
      return new NomadJobs(
          namespace,
          region,
          canaryJob,
          canaryJobModifyIndex,
          Optional.of(id),
          productionJob,
          productionVersion);
    }
  }

  /** Who holds the run. */
  public record Owner(String instance, String session) {}

  /** A run that was just taken up. */
  public static RunStatus pending(
      String name, OptionalLong generation, String digest, Instant now, Owner owner) {
    var message = "taken up by " + owner.instance();
    return new RunStatus(
        name,
        generation,
        digest,
        new Phase.Pending(),
        message,
        false,
        now,
        Optional.empty(),
        Optional.empty(),
        now,
        NomadJobs.UNKNOWN,
        Ledger.EMPTY,
        0,
        0,
        0,
        List.of(new Transition("Pending", now, message)),
        Optional.of(owner));
  }

  /** The same run in another phase; recorded as a transition where the phase's word changes. */
  public RunStatus moved(Phase next, String why, Instant now) {
    var text = next.isTerminal() ? whyAborted().map(it -> it + "; " + why).orElse(why) : why;
    var changes = new ArrayList<>(transitions);
    if (!next.word().equals(phase.word())) {
      changes.add(new Transition(next.word(), now, text));
    }
    boolean verdict =
        next instanceof Phase.AwaitingApproval
            || next instanceof Phase.Promoting
            || next instanceof Phase.Aborting;
    return with(
        next,
        text,
        paused && !next.isEnding(),
        next.isTerminal() ? Optional.of(now) : finishedAt,
        verdictAt.or(() -> verdict ? Optional.of(now) : Optional.empty()),
        now,
        nomad,
        ledger,
        changes,
        owner);
  }

  /** The sentence with which the run began to end, which is what people want to read at its end. */
  private Optional<String> whyAborted() {
    return phase instanceof Phase.Aborting ? message(phase.word()) : Optional.empty();
  }

  /** The probability that the requests counted so far would have shown a fault; 0 while unknown. */
  public double confidence() {
    return goal == 0 ? 0 : new Analysis(goal, 0, faultRate).confidence(ledger.requests());
  }

  /** The sentence with which it was decided how the run ends; the present one before that. */
  public String whyEnded() {
    return message("Aborting").or(() -> message(phase.word())).orElse(message);
  }

  private Optional<String> message(String ofPhase) {
    return transitions.reversed().stream()
        .filter(change -> change.phase().equals(ofPhase))
        .map(Transition::message)
        .findFirst();
  }

  /** The same phase, with what came of a person's command among the transitions. */
  public RunStatus answered(boolean pausedNow, String what, Instant now) {
    var changes = new ArrayList<>(transitions);
    changes.add(new Transition(phase.word(), now, what));
    return with(phase, what, pausedNow, finishedAt, verdictAt, now, nomad, ledger, changes, owner);
  }

  /** The same phase with fresh numbers and a fresh message. */
  public RunStatus refreshed(Ledger counters, NomadJobs jobs, String why, Instant now) {
    return with(phase, why, paused, finishedAt, verdictAt, now, jobs, counters, transitions, owner);
  }

  public RunStatus heldBy(Owner next) {
    return with(
        phase,
        message,
        paused,
        finishedAt,
        verdictAt,
        updatedAt,
        nomad,
        ledger,
        transitions,
        Optional.of(next));
  }

  /** The generation, once it is known. */
  public RunStatus numbered(long number) {
    return new RunStatus(
        name,
        OptionalLong.of(number),
        digest,
        phase,
        message,
        paused,
        startedAt,
        finishedAt,
        verdictAt,
        updatedAt,
        nomad,
        ledger,
        goal,
        maxErrors,
        faultRate,
        transitions,
        owner);
  }

  /** What is known from the moment the generation is frozen. */
  public RunStatus frozen(NomadJobs jobs, Analysis analysis) {
    return new RunStatus(
        name,
        generation,
        digest,
        phase,
        message,
        paused,
        startedAt,
        finishedAt,
        verdictAt,
        updatedAt,
        jobs,
        ledger,
        analysis.requests(),
        analysis.maxErrors(),
        analysis.faultRate(),
        transitions,
        owner);
  }

  private RunStatus with(
      Phase nextPhase,
      String nextMessage,
      boolean pausedNow,
      Optional<Instant> finished,
      Optional<Instant> verdict,
      Instant updated,
      NomadJobs jobs,
      Ledger counters,
      List<Transition> changes,
      Optional<Owner> holder) {
    return new RunStatus(
        name,
        generation,
        digest,
        nextPhase,
        nextMessage,
        pausedNow,
        startedAt,
        finished,
        verdict,
        updated,
        jobs,
        counters,
        goal,
        maxErrors,
        faultRate,
        changes,
        holder);
  }
}
