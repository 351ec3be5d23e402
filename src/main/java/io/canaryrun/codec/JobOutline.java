package io.canaryrun.codec;

import io.canaryrun.core.observation.JobDocument;
import java.util.List;

/** What people want to know of a job at first sight. */
public final class JobOutline {
  private JobOutline() {}

  /**
   * A task group.
   *
   * @param services names under which it registers in Consul
   */
  public record Group(String name, int count, List<String> services) {
    public Group {
      services = List.copyOf(services);
    }
  }

  public static List<Group> groups(JobDocument job) {
    var node = Json.parse(job.json());
    return Jobs.objects(node, "TaskGroups").stream()
        .map(
            group ->
                new Group(
                    group.path("Name").asText(),
                    group.path("Count").asInt(1),
                    JobGroups.consulNames(node, group)))
        .toList();
  }

  /** The whole job, for people to read; without stamps. */
  public static String pretty(JobDocument job) {
    var node = Json.parse(Jobs.source(job).json());
    if (node.path("Meta").isEmpty()) {
      node.remove("Meta");
    }
    return node.toPrettyString();
  }
}
