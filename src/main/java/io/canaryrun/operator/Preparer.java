package io.canaryrun.operator;

import static io.canaryrun.core.phase.Reason.INVALID_DEFINITION;
import static io.canaryrun.core.phase.Reason.JOB_REJECTED;
import static io.canaryrun.core.phase.Reason.NOT_ALLOWED;
import static io.canaryrun.core.phase.Reason.SUPERSEDED;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.Jobs;
import io.canaryrun.codec.Problem;
import io.canaryrun.codec.UnusableJob;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.JobSource;
import io.canaryrun.core.spec.Promotion;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.StoredDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gets a definition ready to be frozen: reads it, resolves its jobs, checks what it may do. */
final class Preparer {
  private final Ports ports;
  private final AllowList allow;
  private final Classifier classifier;
  private final String owner;

  Preparer(Ports ports, AllowList allow, Classifier classifier, String owner) {
    this.ports = ports;
    this.allow = allow;
    this.classifier = classifier;
    this.owner = owner;
  }

  /** A definition that will not work as asked. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    Refusal(Reason reason, String why) {
      super(why, null, false, false);
      this.reason = reason;
    }
  }

  /**
   * @throws PortFailure.Unavailable nothing can be said now
   */
  Preparation prepare(StoredDefinition definition) {
    try {
      return switch (DefinitionCodec.read(definition.name(), definition.text())) {
        case DefinitionCodec.Result.Invalid(var problems) ->
            new Preparation.Refused(INVALID_DEFINITION, joined(problems));
        case DefinitionCodec.Result.Valid(var run) -> prepare(definition, run);
      };
    } catch (Refusal refusal) {
      return new Preparation.Refused(refusal.reason, refusal.getMessage());
    } catch (UnusableJob unusable) {
      return new Preparation.Refused(INVALID_DEFINITION, unusable.getMessage());
    } catch (PortFailure.Rejected rejected) {
      return new Preparation.Refused(JOB_REJECTED, rejected.getMessage());
    }
  }

  private static String joined(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
  }

  private Preparation prepare(StoredDefinition definition, CanaryRun run) {
    check(allow.namespace(run.nomad().namespace()), "namespace", "canary.allow.namespaces");
    var source = run.job().map(job -> resolve(run, job));
    var canarySource =
        run.canary()
            .job()
            .map(job -> resolve(run, job))
            .orElseGet(() -> derived(run, source.orElseThrow()));
    checkCanary(run, canarySource, source);
    var production =
        run.promotion().mode() == Promotion.Mode.DEPLOY ? source : Optional.<JobDocument>empty();
    production.ifPresent(job -> checkUnclaimed(run, job.id()));
    var present = production.flatMap(job -> ports.cluster().job(run.nomad(), job.id()));
    if (present.filter(JobSeen::stopped).isPresent()) {
      throw new Refusal(
          JOB_REJECTED,
          "production job %s is stopped: start it, or purge it".formatted(production.get().id()));
    }
    return ready(definition, run, canarySource, production, present);
  }

  private Preparation ready(
      StoredDefinition definition,
      CanaryRun run,
      JobDocument canary,
      Optional<JobDocument> production,
      Optional<JobSeen> present) {
    var services = Jobs.consulServices(canary, run.counters().port());
    checkReadable(services);
    var number = definition.modifyIndex();
    return leftover(run, number, canary.id())
        .orElseGet(
            () ->
                new Preparation.Ready(
                    new Generation(
                        run.name(),
                        number,
                        DefinitionCodec.digest(definition.text()),
                        definition.text(),
                        run,
                        Jobs.stamped(canary, run.name(), number, Stamps.Role.CANARY, owner),
                        canaries(run, canary),
                        services,
                        production.map(
                            job ->
                                Jobs.stamped(
                                    job, run.name(), number, Stamps.Role.PRODUCTION, owner)),
                        present.map(
                            job ->
                                new Generation.Production(
                                    job.document(), job.modifyIndex(), job.version())))));
  }

  private static int canaries(CanaryRun run, JobDocument canary) {
    return run.canary().job().isPresent()
        ? run.canary().count()
        : Jobs.countOf(canary, run.counters().port());
  }

  private JobDocument resolve(CanaryRun run, JobSource source) {
    var job = Jobs.targeted(Jobs.source(read(run, source)), run.nomad());
    var unsupported = Jobs.unsupported(job);
    if (!unsupported.isEmpty()) {
      throw new Refusal(JOB_REJECTED, "job " + job.id() + ": " + String.join("; ", unsupported));
    }
    check(allow.job(job.id()), "job", "canary.allow.jobs");
    Jobs.drivers(job)
        .forEach(driver -> check(allow.driver(driver), "driver", "canary.allow.drivers"));
    return job;
  }

  private JobDocument read(CanaryRun run, JobSource source) {
    return switch (source) {
      case JobSource.Hcl(var hcl, var variables) ->
          ports.cluster().parse(run.nomad(), hcl, variables);
      case JobSource.Json(var json) -> Jobs.read(json);
      case JobSource.ConsulKey(var key) -> read(run, key);
      case JobSource.NomadJob(var id, var changes) -> {
        check(allow.job(id), "job", "canary.allow.jobs");
        var job =
            ports
                .cluster()
                .job(run.nomad(), id)
                .orElseThrow(
                    () -> new Refusal(JOB_REJECTED, "Nomad knows no job " + id + " to start from"));
        if (job.stopped()) {
          throw new Refusal(JOB_REJECTED, "job " + id + " is stopped: start it first");
        }
        yield Jobs.changed(job.document(), changes);
      }
    };
  }

  private JobDocument read(CanaryRun run, String key) {
    check(allow.consulKey(key), "Consul key", "canary.allow.consul-keys");
    var text =
        ports
            .store()
            .value(key)
            .orElseThrow(() -> new Refusal(JOB_REJECTED, "Consul has no key " + key));
    return text.stripLeading().startsWith("{")
        ? Jobs.read(text)
        : ports.cluster().parse(run.nomad(), text, Map.of());
  }

  private static JobDocument derived(CanaryRun run, JobDocument source) {
    return Jobs.canaryOf(
        source, run.canary().suffix(), run.canary().count(), run.counters().port());
  }

  /** Nothing of what was asked for is echoed: it may be somebody else's secret. */
  private static void check(boolean allowed, String what, String setting) {
    if (!allowed) {
      throw new Refusal(NOT_ALLOWED, "the " + what + " is not allowed by " + setting);
    }
  }

  private void checkCanary(CanaryRun run, JobDocument canary, Optional<JobDocument> production) {
    check(allow.job(canary.id()), "job", "canary.allow.jobs");
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
    checkUnclaimed(run, canary.id());
  }

  /** Two active runs must not be about one job. */
  private void checkUnclaimed(CanaryRun run, String jobId) {
    ports.store().statuses().stream()
        .flatMap(stored -> stored.status().stream())
        .filter(other -> !other.name().equals(run.name()) && !other.phase().isTerminal())
        .filter(other -> isAbout(other.nomad(), run, jobId))
        .findFirst()
        .ifPresent(
            other -> {
              throw new Refusal(
                  JOB_REJECTED,
                  "job %s is that of the active run %s: wait for it"
                      .formatted(jobId, other.name()));
            });
  }

  private static boolean isAbout(RunStatus.NomadJobs jobs, CanaryRun run, String jobId) {
    return jobs.namespace().equals(run.nomad().namespace())
        && jobs.region().equals(run.nomad().region())
        && (jobs.canaryJob().equals(Optional.of(jobId))
            || jobs.productionJob().equals(Optional.of(jobId)));
  }

  /** That all canaries are gone can be verified only by somebody who may look. */
  private void checkReadable(List<String> services) {
    try {
      ports.services().instances(services);
    } catch (PortFailure.Rejected rejected) {
      throw new Refusal(NOT_ALLOWED, rejected.getMessage());
    }
  }

  /** What is live under the canary job's ID now. */
  private Optional<Preparation> leftover(CanaryRun run, long number, String canaryJobId) {
    return ports
        .cluster()
        .job(run.nomad(), canaryJobId)
        .flatMap(
            job -> {
              var stamps = classifier.ownStamps(job, run.name(), Stamps.Role.CANARY);
              if (stamps.filter(own -> own.generation() > number).isPresent()) {
                return Optional.of(
                    new Preparation.Refused(
                        SUPERSEDED, "Nomad already has " + Classifier.whose(job)));
              }
              if (job.stopped()) {
                return Optional.empty();
              }
              return Optional.of(
                  stamps.isPresent()
                      ? new Preparation.Leftover(run.nomad(), job)
                      : new Preparation.Refused(
                          JOB_REJECTED,
                          "job %s is %s".formatted(canaryJobId, Classifier.whose(job))));
            });
  }
}
