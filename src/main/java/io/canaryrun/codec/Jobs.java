package io.canaryrun.codec;

import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.JobChanges;
import io.canaryrun.core.spec.Target;
import java.util.List;
import java.util.Set;

/** Reads and changes Nomad job documents; every field that is not meant to change survives. */
public final class Jobs {
  private Jobs() {}

  /** A job from Nomad's JSON, with or without a surrounding {@code {"Job": …}}. */
  public static JobDocument read(String json) {
    throw new UnsupportedOperationException();
  }

  /** Without stamps, stop reason, {@code Stop}, and what Nomad adds to a stored job. */
  public static JobDocument source(JobDocument job) {
    throw new UnsupportedOperationException();
  }

  /**
   * A stored job as it can be registered again: without what Nomad adds to a stored job, but with
   * its stamps. Used for returning production and for stopping what was left behind.
   */
  public static JobDocument restorable(JobDocument stored) {
    throw new UnsupportedOperationException();
  }

  /**
   * With the namespace and region of a run.
   *
   * @throws UnusableJob the job names another namespace or region
   */
  public static JobDocument targeted(JobDocument job, Target target) {
    throw new UnsupportedOperationException();
  }

  /** With the changes of a release; the problem names the field below {@code set}. */
  public static JobDocument changed(JobDocument job, JobChanges changes) {
    throw new UnsupportedOperationException();
  }

  /**
   * The canary job of a production job: ID, name and service names suffixed, the count of each
   * group that has the counters' port set, {@code update} cleared of canaries.
   */
  public static JobDocument canaryOf(
      JobDocument production, String suffix, int count, String port) {
    throw new UnsupportedOperationException();
  }

  /** With stamps, {@code digest} computed from the document itself. */
  public static JobDocument stamped(
      JobDocument job, String run, long generation, Stamps.Role role, String owner) {
    throw new UnsupportedOperationException();
  }

  /** Marked as stopped, for this reason. */
  public static JobDocument stopped(JobDocument job, String reason) {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether a stored job is what was submitted, but for counts: every field that the submitted
   * document sets has that value in the stored one.
   */
  public static boolean isSubmitted(JobDocument submitted, JobDocument stored) {
    throw new UnsupportedOperationException();
  }

  /** Whether two stored jobs have the same specification, but for counts. */
  public static boolean sameButForCounts(JobDocument a, JobDocument b) {
    throw new UnsupportedOperationException();
  }

  /** Why a job cannot be run as a canary or deployed: not of type service, periodic, and so on. */
  public static List<String> unsupported(JobDocument job) {
    throw new UnsupportedOperationException();
  }

  public static Set<String> drivers(JobDocument job) {
    throw new UnsupportedOperationException();
  }

  /** Names under which the groups that have the port register in Consul, interpolated. */
  public static List<String> consulServices(JobDocument job, String port) {
    throw new UnsupportedOperationException();
  }

  /** How many allocations the groups with that port have together. */
  public static int countOf(JobDocument job, String port) {
    throw new UnsupportedOperationException();
  }
}
