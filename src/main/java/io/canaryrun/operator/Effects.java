package io.canaryrun.operator;

import io.canaryrun.codec.Jobs;
import io.canaryrun.core.decision.Action;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.CanaryJobSpec.Mode;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;

/** Causes effects in Nomad. None is believed: the next pass looks whether it happened. */
final class Effects {
  private final Cluster cluster;
  private final Classifier classifier;

  Effects(Cluster cluster, Classifier classifier) {
    this.cluster = cluster;
    this.classifier = classifier;
  }

  /** Fails a deployment whose canaries nobody will promote. */
  boolean fail(Target target, String deploymentId) {
    return cluster.fail(target, deploymentId);
  }

  /** Stops what an ended generation left behind. */
  boolean stop(Target target, JobSeen job, Reason why) {
    return cluster.register(
        target,
        Jobs.stopped(Jobs.restorable(job.document()), why.word()),
        job.modifyIndex(),
        false);
  }

  /**
   * @return false: refused because somebody changed the job, look again
   */
  boolean perform(Generation generation, Action.InGeneration action) {
    var target = generation.spec().nomad();
    return switch (action) {
      case Action.SubmitCanary(var over) ->
          cluster.register(
              target, generation.canaryJob(), over, generation.mode() == Mode.DEPLOYMENT);
      case Action.StopCanary(var over, var why) ->
          cluster.register(target, Jobs.stopped(generation.canaryJob(), why), over, false);
      case Action.RegisterProduction(var over) ->
          cluster.register(target, generation.productionJob().orElseThrow(), over, true);
      case Action.PromoteDeployment(var deployment) -> cluster.promote(target, deployment);
      case Action.FailDeployment(var deployment) -> cluster.fail(target, deployment);
      case Action.ReturnProduction(var over) -> returnProduction(generation, over);
    };
  }

  private boolean returnProduction(Generation generation, long over) {
    var target = generation.spec().nomad();
    return generation
        .before()
        .map(before -> cluster.register(target, Jobs.restorable(before.document()), over, true))
        .orElseGet(
            () ->
                cluster.register(
                    target,
                    Jobs.stopped(
                        generation.productionJob().orElseThrow(),
                        Reason.PRODUCTION_DEPLOY_FAILED.word()),
                    over,
                    false));
  }

  /** Takes back what an ended generation has in production without being promoted, if anything. */
  boolean takeBack(Generation ended) {
    return classifier
        .unreturned(ended)
        .filter(ours -> hasFailed(ended.spec().nomad(), ours))
        .flatMap(_ -> classifier.ours(ended))
        .map(ours -> returnProduction(ended, ours.modifyIndex()))
        .orElse(false);
  }

  private boolean hasFailed(Target target, ProductionSeen.Ours ours) {
    return ours.rollout().unpromoted().map(it -> cluster.fail(target, it)).orElse(true);
  }

  /**
   * The stop order: whoever read an error beyond the budget gives it, lock or no lock. Nomad's
   * index fences it.
   *
   * @return whether the canary job is not live any more, or not this generation's
   */
  boolean stopForErrors(Generation generation) {
    var seen = classifier.canaryJob(generation);
    return switch (seen) {
      case CanaryJobSeen.Ours(var index) -> stop(generation, index);
      case CanaryJobSeen.Edited(var index) -> stop(generation, index);
      case CanaryJobSeen.Absent _,
          CanaryJobSeen.Stopped _,
          CanaryJobSeen.Earlier _,
          CanaryJobSeen.Later _,
          CanaryJobSeen.Foreign _ ->
          true;
    };
  }

  private boolean stop(Generation generation, long over) {
    return perform(generation, new Action.StopCanary(over, Reason.ERRORS_EXCEEDED.word()));
  }
}
