package io.canaryrun.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Stamps;
import java.util.HashMap;

/**
 * A job as it is planned: as it is going to be registered, but for the stamps, which differ from
 * registration to registration and would make every plan one that replaces allocations.
 */
public final class PlannedJob {
  private static final String COUNT = "Count";

  private PlannedJob() {}

  /** Over nothing. */
  public static JobDocument of(JobDocument job) {
    return Jobs.source(job);
  }

  /**
   * Over a job that is registered, with that one's stamps.
   *
   * @param preserveCounts the registration is going to keep the counts that are registered
   */
  public static JobDocument over(JobSeen present, JobDocument job, boolean preserveCounts) {
    var planned = Json.parse(Jobs.source(job).json());
    for (var stamp : Stamps.KEYS) {
      if (present.meta().containsKey(stamp)) {
        Jobs.object(planned, "Meta").put(stamp, present.meta().get(stamp));
      }
    }
    if (preserveCounts) {
      preserveCounts(Json.parse(present.document().json()), planned);
    }
    return new JobDocument(job.id(), Json.write(planned));
  }

  private static void preserveCounts(ObjectNode present, ObjectNode planned) {
    var counts = new HashMap<String, Integer>();
    for (var group : Jobs.objects(present, "TaskGroups")) {
      if (group.hasNonNull(COUNT)) {
        counts.put(group.path("Name").asText(), group.path(COUNT).asInt());
      }
    }
    for (var group : Jobs.objects(planned, "TaskGroups")) {
      var count = counts.get(group.path("Name").asText());
      if (count != null) {
        group.put(COUNT, count);
      }
    }
  }
}
