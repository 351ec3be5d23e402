package io.canaryrun.operator;

import static io.canaryrun.core.phase.Reason.ABORTED_BY_PERSON;
import static io.canaryrun.core.phase.Reason.INVALID_DEFINITION;
import static io.canaryrun.core.phase.Reason.JOB_REJECTED;
import static io.canaryrun.core.phase.Reason.SUPERSEDED;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.GenerationCodec;
import io.canaryrun.codec.Jobs;
import io.canaryrun.codec.Problem;
import io.canaryrun.codec.UnusableJob;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.Promotion;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gets a definition ready to be frozen: reads it, resolves its jobs, checks what it may do. */
final class Preparer {
  private final Ports ports;
  private final AllowList allow;
  private final JobResolver jobs;
  private final Claims claims;
  private final Classifier classifier;
  private final DeploymentPreparer deployment;
  private final String owner;

  Preparer(Ports ports, AllowList allow, Claims claims, Classifier classifier, String owner) {
    this.ports = ports;
    this.allow = allow;
    this.jobs = new JobResolver(ports, allow);
    this.claims = claims;
    this.classifier = classifier;
    this.deployment = new DeploymentPreparer(ports, classifier, owner);
    this.owner = owner;
  }

  /**
   * What stands in the way of freezing a generation for the first time; empty: nothing.
   *
   * @throws PortFailure.Unavailable nothing can be said now
   */
  Optional<Preparation> before(RunStatus status) {
    try {
      return status.generation().stream()
          .boxed()
          .flatMap(number -> ports.store().generation(status.name(), number).stream())
          .findFirst()
          .map(Preparation.Frozen::new);
    } catch (PortFailure.Corrupt corrupt) {
      return Optional.of(new Preparation.Refused(ABORTED_BY_PERSON, corrupt.getMessage()));
    }
  }

  /**
   * @throws PortFailure.Unavailable nothing can be said now
   */
  Preparation prepare(StoredDefinition definition) {
    return switch (draft(definition)) {
      case Draft.Refused(var reason, var why) -> new Preparation.Refused(reason, why);
      case Draft.Resolved(var generation, _, var leftover) ->
          leftover.<Preparation>map(it -> it).orElseGet(() -> new Preparation.Ready(generation));
    };
  }

  /**
   * @throws PortFailure.Unavailable nothing can be said now
   */
  Draft draft(StoredDefinition definition) {
    try {
      return switch (DefinitionCodec.read(definition.name(), definition.text())) {
        case DefinitionCodec.Result.Invalid(var problems) ->
            new Draft.Refused(INVALID_DEFINITION, joined(problems));
        case DefinitionCodec.Result.Valid(var run) -> draft(definition, run);
      };
    } catch (Refusal refusal) {
      return new Draft.Refused(refusal.reason(), refusal.getMessage());
    } catch (UnusableJob unusable) {
      return new Draft.Refused(INVALID_DEFINITION, unusable.getMessage());
    } catch (PortFailure.Rejected rejected) {
      return new Draft.Refused(JOB_REJECTED, rejected.getMessage());
    }
  }

  private static String joined(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
  }

  /**
   * Whoever froze it since this pass began, has the run now.
   *
   * @throws PortFailure.Unavailable it is frozen
   */
  static void checkNotFrozen(Ports ports, String run, long number) {
    if (ports.store().generation(run, number).isPresent()) {
      throw new PortFailure.Unavailable(
          "generation %d of run %s was frozen meanwhile".formatted(number, run), null);
    }
  }

  private Draft draft(StoredDefinition definition, CanaryRun run) {
    Refusal.unless(
        allow.namespace(run.nomad().namespace()), "namespace", "CANARY_ALLOW_NAMESPACES");
    var source = run.job().map(job -> jobs.resolve(run, job));
    if (run.canary().mode() == CanaryJobSpec.Mode.DEPLOYMENT) {
      claims.check(run, source.stream());
      return checked(deployment.draft(definition, run, source.orElseThrow()));
    }
    var canarySource =
        run.canary()
            .job()
            .map(job -> jobs.resolve(run, job))
            .orElseGet(() -> derived(run, source.orElseThrow()));
    checkCanary(run, canarySource, source);
    var production =
        run.promotion().mode() == Promotion.Mode.DEPLOY ? source : Optional.<JobDocument>empty();
    claims.check(run, Stream.concat(Stream.of(canarySource), production.stream()));
    var present = production.flatMap(job -> ports.cluster().job(run.nomad(), job.id()));
    present.ifPresent(Refusal::ifStopped);
    var services = Jobs.consulServices(canarySource, run.counters().port());
    Refusal.unlessReadable(ports.services(), services);
    return checked(
        new Draft.Resolved(
            generation(definition, run, canarySource, production, present),
            source,
            leftover(run, definition.modifyIndex(), canarySource.id())));
  }

  private static Draft checked(Draft.Resolved draft) {
    var bytes = GenerationCodec.write(draft.generation()).length;
    if (bytes > RunStore.MAX_GENERATION_BYTES) {
      throw new Refusal(INVALID_DEFINITION, RunStore.tooLarge(bytes).getMessage());
    }
    return draft;
  }

  private Generation generation(
      StoredDefinition definition,
      CanaryRun run,
      JobDocument canary,
      Optional<JobDocument> production,
      Optional<JobSeen> present) {
    var number = definition.modifyIndex();
    return new Generation(
        run.name(),
        number,
        DefinitionCodec.digest(definition.text()),
        definition.text(),
        run,
        Jobs.stamped(canary, run.name(), number, Stamps.Role.CANARY, owner),
        canaries(run, canary),
        Jobs.consulServices(canary, run.counters().port()),
        production.map(job -> Jobs.stamped(job, run.name(), number, Stamps.Role.PRODUCTION, owner)),
        present.map(Generation.Production::of));
  }

  private static int canaries(CanaryRun run, JobDocument canary) {
    return run.canary().job().isPresent()
        ? run.canary().count()
        : Jobs.countOf(canary, run.counters().port());
  }

  private static JobDocument derived(CanaryRun run, JobDocument source) {
    return Jobs.canaryOf(
        source, run.canary().suffix(), run.canary().count(), run.counters().port());
  }

  private void checkCanary(CanaryRun run, JobDocument canary, Optional<JobDocument> production) {
    Refusal.unless(allow.job(canary.id()), "job", "CANARY_ALLOW_JOBS");
    if (production.filter(job -> job.id().equals(canary.id())).isPresent()) {
      throw new Refusal(
          INVALID_DEFINITION,
          "/spec/canary: the canary job has the production job's ID %s: give it another one"
              .formatted(canary.id()));
    }
    var port = run.counters().port();
    var count = Jobs.countOf(canary, port);
    if (count == 0) {
      throw new Refusal(
          INVALID_DEFINITION,
          "/spec/counters/port: no group of job %s has a port with label \"%s\""
              .formatted(canary.id(), port));
    }
    if (count < run.canary().count()) {
      throw new Refusal(
          INVALID_DEFINITION,
          "/spec/canary/count: %d canaries are asked for, job %s has %d"
              .formatted(run.canary().count(), canary.id(), count));
    }
  }

  /** What is live under the canary job's ID now. */
  private Optional<Preparation.Sweep> leftover(CanaryRun run, long number, String canaryJobId) {
    return ports
        .cluster()
        .job(run.nomad(), canaryJobId)
        .flatMap(
            job -> {
              var stamps = classifier.ownStamps(job, run.name(), Stamps.Role.CANARY);
              if (stamps.filter(own -> own.generation() > number).isPresent()) {
                throw new Refusal(SUPERSEDED, "Nomad already has " + Classifier.whose(job));
              }
              if (job.stopped()) {
                return Optional.empty();
              }
              if (stamps.isEmpty()) {
                throw new Refusal(
                    JOB_REJECTED, "job %s is %s".formatted(canaryJobId, Classifier.whose(job)));
              }
              // Of this very generation: all that was known of it was removed by hand.
              var own = stamps.get().generation() == number;
              if (own) {
                checkNotFrozen(ports, run.name(), number);
              }
              return Optional.of(
                  new Preparation.Leftover(run.nomad(), job, own ? ABORTED_BY_PERSON : SUPERSEDED));
            });
  }
}
