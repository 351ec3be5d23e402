package io.canaryrun.operator;

import static io.canaryrun.core.phase.Reason.INVALID_DEFINITION;
import static io.canaryrun.core.phase.Reason.JOB_REJECTED;
import static io.canaryrun.core.phase.Reason.NO_CANARY_PHASE;
import static io.canaryrun.core.phase.Reason.SUPERSEDED;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.Jobs;
import io.canaryrun.codec.PlannedJob;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.CanaryJobSpec.Mode;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.port.StoredDefinition;
import java.util.Optional;

/** Gets a definition of mode {@code deployment} ready to be frozen, after a plan. */
final class DeploymentPreparer {
  private final Ports ports;
  private final Classifier classifier;
  private final String owner;

  DeploymentPreparer(Ports ports, Classifier classifier, String owner) {
    this.ports = ports;
    this.classifier = classifier;
    this.owner = owner;
  }

  /** Behind leftover canaries nothing can be checked: production is going to be another one. */
  Draft.Resolved draft(StoredDefinition definition, CanaryRun run, JobDocument source) {
    var present =
        ports
            .cluster()
            .job(run.nomad(), source.id())
            .orElseThrow(
                () ->
                    new Refusal(
                        NO_CANARY_PHASE,
                        "Nomad knows no job %s, and a first version has no canaries: register it once, or use mode \"job\""
                            .formatted(source.id())));
    Refusal.ifStopped(present);
    var port = run.counters().port();
    var job = Jobs.withCanaries(source, run.canary().count(), port);
    var leftover = leftover(run, definition.modifyIndex(), present);
    if (leftover.isEmpty()) {
      checkSettled(run, present);
      checkCanaries(run, job, present);
      Refusal.unlessReadable(ports.services(), Jobs.consulServices(job, port));
    }
    return new Draft.Resolved(
        generation(definition, run, job, present), Optional.of(source), leftover);
  }

  private Generation generation(
      StoredDefinition definition, CanaryRun run, JobDocument job, JobSeen present) {
    var port = run.counters().port();
    var number = definition.modifyIndex();
    var stamped = Jobs.stamped(job, run.name(), number, Stamps.Role.PRODUCTION, owner);
    return new Generation(
        run.name(),
        number,
        DefinitionCodec.digest(definition.text()),
        definition.text(),
        run,
        stamped,
        run.canary().count() * Jobs.groupsWith(job, port),
        Jobs.consulServices(job, port),
        Optional.of(stamped),
        Optional.of(Generation.Production.of(present)));
  }

  /** A registration would cancel somebody else's deployment. */
  private void checkSettled(CanaryRun run, JobSeen present) {
    var id = present.document().id();
    switch (ports.cluster().rollout(run.nomad(), id, present.version())) {
      case Rollout.InProgress(var message) -> refuse(id, message);
      case Rollout.AwaitingHealth(_, var message) -> refuse(id, message);
      case Rollout.AwaitingPromotion _ -> refuse(id, "its canaries wait to be promoted");
      case Rollout.Promoted(var message) -> refuse(id, message);
      case Rollout.Successful _, Rollout.Failed _ -> {}
    }
  }

  private static void refuse(String id, String message) {
    throw new Refusal(
        JOB_REJECTED,
        "job %s is being deployed (%s): wait for its end, or end it in Nomad"
            .formatted(id, message));
  }

  private void checkCanaries(CanaryRun run, JobDocument job, JobSeen present) {
    var port = run.counters().port();
    if (Jobs.groupsWith(job, port) == 0) {
      throw new Refusal(
          INVALID_DEFINITION,
          "/spec/counters/port: no group of job %s has a port with label \"%s\""
              .formatted(job.id(), port));
    }
    var planned = PlannedJob.over(present, job, true);
    if (!ports.cluster().plan(run.nomad(), planned).placesCanaries()) {
      throw new Refusal(
          NO_CANARY_PHASE,
          "job %s would be updated without canaries: nothing that needs new allocations changes"
              .formatted(job.id()));
    }
  }

  /** What an earlier generation of this run left in production. */
  private Optional<Preparation.Sweep> leftover(CanaryRun run, long number, JobSeen present) {
    var stamps = classifier.ownStamps(present, run.name(), Stamps.Role.PRODUCTION);
    if (stamps.filter(own -> own.generation() > number).isPresent()) {
      throw new Refusal(SUPERSEDED, "Nomad already has " + Classifier.whose(present));
    }
    if (stamps.filter(own -> own.generation() == number).isPresent()) {
      Preparer.checkNotFrozen(ports, run.name(), number);
      return Optional.of(new Preparation.Lost(remains(run, number, present)));
    }
    return stamps
        .flatMap(own -> ports.store().generation(run.name(), own.generation()))
        .filter(earlier -> earlier.mode() == Mode.DEPLOYMENT)
        .filter(earlier -> classifier.unreturned(earlier).isPresent())
        .map(Preparation.LeftoverCanaries::new);
  }

  private Remains remains(CanaryRun run, long number, JobSeen production) {
    return new RemainsFinder(ports, classifier)
        .find(run.nomad(), run.name(), number, Optional.empty(), Optional.of(production));
  }
}
