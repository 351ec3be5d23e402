package io.canaryrun.port;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Nomad. Reads are consistent; nothing is ever sent twice.
 *
 * <p>Every method throws {@link PortFailure.Unavailable} when Nomad did not answer, and {@link
 * PortFailure.Rejected} when it refuses what was asked (bad HCL, a job that does not validate, a
 * token without permission, an unknown namespace).
 */
public interface Cluster {
  /** How many namespaces may be followed at the same time: each takes a connection for good. */
  int MAX_EVENT_STREAMS = 4;

  /**
   * Has Nomad parse a job.
   *
   * @param variables by name, each the HCL text of its value
   */
  JobDocument parse(Target target, String hcl, Map<String, String> variables);

  /** The job as registered now; empty: Nomad does not know it. */
  Optional<JobSeen> job(Target target, String jobId);

  /** The {@code meta} of each version of a job that Nomad still knows, by the version's number. */
  SortedMap<Long, Map<String, String>> versions(Target target, String jobId);

  /**
   * Registers a job with EnforceIndex.
   *
   * @param over the JobModifyIndex that must be the present one, 0: the job must not exist
   * @param preserveCounts running counts win over those of the document
   * @return false: the index is another one now
   */
  boolean register(Target target, JobDocument job, long over, boolean preserveCounts);

  /**
   * The allocations of a generation of a job, told by the job's stamps, oldest first.
   *
   * @param port label of the port that serves the counters; allocations of groups without it are
   *     left out
   */
  List<AllocationSeen> allocations(Target target, String jobId, long generation, String port);

  /**
   * The canaries of a generation, told by the job's stamps, whatever their ports: of a canary job
   * all allocations, of a production job those that were never promoted.
   */
  List<AllocationSeen> canaries(Target target, String jobId, Stamps.Role role, long generation);

  /** The IDs of the allocations that belong to that version of a job now. */
  Set<String> allocationIds(Target target, String jobId, long version);

  /**
   * All allocations of a job that Nomad still knows, whoever registered it, oldest first.
   *
   * @param port as above
   */
  List<AllocationSeen> allocations(Target target, String jobId, String port);

  /**
   * How far Nomad is with that version of a job.
   *
   * @param version the job's present version
   */
  Rollout rollout(Target target, String jobId, long version);

  /** Why the scheduler could not place allocations of a job; empty: it could, or has not tried. */
  Optional<String> placementProblem(Target target, String jobId);

  /**
   * Promotes all canaries of a deployment; those that were promoted already, stay so.
   *
   * @return false: it is not in a state to be promoted (any more, or yet); look again
   */
  boolean promote(Target target, String deploymentId);

  /**
   * Marks a deployment as failed; Nomad stops its unpromoted canaries, and with {@code auto_revert}
   * registers the stable version.
   *
   * @return false: it has ended already; look again
   */
  boolean fail(Target target, String deploymentId);

  /**
   * What registering a job now would lead to; nothing is changed. Stamps differ from registration
   * to registration, and a difference in {@code meta} alone replaces allocations: give the job
   * those that it is registered with.
   */
  Plan plan(Target target, JobDocument job);

  /** The regions that Nomad's servers know, that of the agent among them. */
  List<String> regions();

  /**
   * Every job with an owner stamp, in the namespaces given; for the orphan sweep.
   *
   * @param region empty: that of the agent
   */
  List<StampedJob> stampedJobs(List<String> namespaces, Optional<String> region);

  /** A job that some installation of this program registered. */
  record StampedJob(Target target, String jobId, boolean stopped, Map<String, String> meta) {
    public StampedJob {
      meta = Map.copyOf(meta);
    }
  }

  /**
   * Follows Nomad's events until the thread is interrupted or the connection ends. They only wake:
   * some may be missing, some may come twice.
   *
   * @param namespace whose events; {@code *}: all, which takes permission to read jobs in every one
   * @param onJob called with the ID of each job that something happened to
   * @throws PortFailure.Rejected also where nothing was heard at all: Nomad ends a stream that it
   *     refuses without a word
   */
  void followEvents(String namespace, Consumer<String> onJob, Duration atMost);

  /** The agent that is asked. */
  Server server();

  /**
   * Nothing but an answer, for which no permission is needed.
   *
   * @throws PortFailure.Unavailable the agent does not answer, or reaches no servers that have a
   *     leader: nothing else that is asked here would be answered
   */
  void ping();
}
