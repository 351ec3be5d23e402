package io.canaryrun.core.spec;

import java.util.Optional;

/**
 * The definition of a canary run: what a user wrote under {@code canary/runs/<name>}.
 *
 * <p>An instance is complete and consistent: defaults are filled in, and what the constructors of
 * its parts refuse cannot exist.
 */
public record CanaryRun(
    Metadata metadata,
    Target nomad,
    Optional<JobSource> job,
    CanaryJobSpec canary,
    Health health,
    Counters counters,
    Analysis analysis,
    Promotion promotion,
    Deadlines deadlines) {

  public CanaryRun {
    if (job.isEmpty() && canary.job().isEmpty()) {
      throw new IllegalArgumentException("one of job and canary.job is needed");
    }
    if (job.isEmpty() && promotion.mode() == Promotion.Mode.DEPLOY) {
      throw new IllegalArgumentException("promote \"deploy\" needs a job to deploy");
    }
  }

  public String name() {
    return metadata.name();
  }
}
