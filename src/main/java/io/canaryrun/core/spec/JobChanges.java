package io.canaryrun.core.spec;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a new release changes in a registered job.
 *
 * @param image the new {@code config.image} of the task
 * @param env variables added to or replaced in the task's {@code env}
 * @param meta entries added to or replaced in the job's {@code meta}
 * @param task the task that {@code image} and {@code env} are for; may be left out where the job
 *     has a single task
 */
public record JobChanges(
    Optional<String> image,
    Map<String, String> env,
    Map<String, String> meta,
    Optional<String> task) {

  public static final JobChanges NONE =
      new JobChanges(Optional.empty(), Map.of(), Map.of(), Optional.empty());

  public JobChanges {
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    meta = Collections.unmodifiableMap(new TreeMap<>(meta));
  }
}
