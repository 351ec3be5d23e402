package io.canaryrun.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.codec.Jobs;
import io.canaryrun.core.observation.Difference;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.core.observation.Stamps;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version of a job as Nomad stores it.
 *
 * @param specification what was submitted, with Nomad's defaults, without what differs between two
 *     registrations of the same job
 * @param program the same without counts and {@code Stop}: whether a task has to be replaced
 * @param counts of the groups
 */
record FakeVersion(
    JobDocument document,
    long number,
    long modifyIndex,
    boolean stopped,
    Map<String, String> meta,
    ObjectNode specification,
    ObjectNode program,
    Map<String, Integer> counts,
    List<String> services,
    Instant registeredAt) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> PER_REGISTRATION =
      List.of("Version", "JobModifyIndex", "ModifyIndex", "CreateIndex", "SubmitTime", "Status");

  /**
   * @param counts win over those of the document
   */
  static FakeVersion of(
      JobDocument submitted,
      Map<String, Integer> counts,
      long number,
      long modifyIndex,
      Instant now) {
    var specification = withDefaults(read(submitted.json()), counts);
    var stopped = specification.path("Stop").asBoolean();
    var stored = specification.deepCopy();
    stored
        .put("Version", number)
        .put("JobModifyIndex", modifyIndex)
        .put("ModifyIndex", modifyIndex);
    stored.put("CreateIndex", modifyIndex).put("SubmitTime", now.toEpochMilli() * 1_000_000);
    stored.put("Status", stopped ? "dead" : "running");
    var document = new JobDocument(submitted.id(), write(stored));
    return new FakeVersion(
        document,
        number,
        modifyIndex,
        stopped,
        meta(specification),
        specification,
        program(specification),
        counts(specification),
        Jobs.consulServices(document, "http"),
        now);
  }

  private static ObjectNode withDefaults(ObjectNode job, Map<String, Integer> counts) {
    job.remove(PER_REGISTRATION);
    fill(job, "Namespace", "default");
    fill(job, "Region", "global");
    if (!job.has("Priority")) {
      job.put("Priority", 50);
    }
    job.put("Stop", job.path("Stop").asBoolean());
    for (var group : job.path("TaskGroups")) {
      var name = group.path("Name").asText();
      int count = counts.getOrDefault(name, group.path("Count").asInt(1));
      ((ObjectNode) group).put("Count", count);
    }
    return job;
  }

  private static void fill(ObjectNode job, String field, String byDefault) {
    if (job.path(field).asText("").isEmpty()) {
      job.put(field, byDefault);
    }
  }

  private static Map<String, String> meta(ObjectNode job) {
    var meta = new HashMap<String, String>();
    job.path("Meta").properties().forEach(it -> meta.put(it.getKey(), it.getValue().asText()));
    return meta;
  }

  private static ObjectNode program(ObjectNode job) {
    var program = job.deepCopy();
    program.remove("Stop");
    program
        .path("TaskGroups")
        .forEach(group -> ((ObjectNode) group).remove(List.of("Count", "Update")));
    return program;
  }

  /** How many canaries a group has when its allocations have to be replaced. */
  int canaries(String group) {
    return update(group).path("Canary").asInt();
  }

  /** Whether Nomad returns to the last good version when this one fails. */
  boolean revertsItself() {
    return counts.keySet().stream().anyMatch(group -> update(group).path("AutoRevert").asBoolean());
  }

  private JsonNode update(String name) {
    for (var group : specification.path("TaskGroups")) {
      if (group.path("Name").asText().equals(name)) {
        return group.path("Update");
      }
    }
    return specification.path("Update");
  }

  private static Map<String, Integer> counts(ObjectNode job) {
    var counts = new LinkedHashMap<String, Integer>();
    for (var group : job.path("TaskGroups")) {
      counts.put(group.path("Name").asText(), group.path("Count").asInt());
    }
    return counts;
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String write(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  JobSeen seen() {
    return new JobSeen(modifyIndex, number, stopped, meta, document);
  }

  /** Nomad makes no new version of a job that is registered again as it is. */
  boolean isSame(FakeVersion other) {
    return specification.equals(other.specification);
  }

  /** A task of one need not be replaced for the other. */
  boolean runsTheSame(FakeVersion other) {
    return program.equals(other.program);
  }

  Optional<Long> generation() {
    return Stamps.of(meta).map(Stamps::generation);
  }

  /** The same job, stopped or with other counts. */
  JobDocument changed(boolean stop) {
    var job = specification.deepCopy();
    job.put("Stop", stop);
    return new JobDocument(document.id(), write(job));
  }

  /** What a plan says becomes of a group's allocations. */
  Plan.Updates updates(Optional<FakeVersion> present, String group, int count) {
    if (present.filter(it -> it.counts.containsKey(group) && !it.stopped).isEmpty()) {
      return new Plan.Updates(Map.of("create", count));
    }
    if (present.get().runsTheSame(this)) {
      return new Plan.Updates(Map.of("ignore", count));
    }
    return canaries(group) > 0
        ? new Plan.Updates(Map.of(Plan.Updates.CANARY, canaries(group), "ignore", count))
        : new Plan.Updates(Map.of("create/destroy update", count));
  }

  Difference differsFrom(Optional<FakeVersion> present) {
    return FakeDifference.of(
        Difference.Level.JOB,
        document.id(),
        present.<JsonNode>map(FakeVersion::specification).orElseGet(() -> JSON.missingNode()),
        specification);
  }

  /** A constraint on the kernel that the one node, a Linux, does not meet. */
  Optional<String> unmetConstraint() {
    for (var constraint : specification.path("Constraints")) {
      if (constraint.path("LTarget").asText().equals("${attr.kernel.name}")
          && !constraint.path("RTarget").asText().equals("linux")) {
        return Optional.of(
            "constraint ${attr.kernel.name} = %s filtered 1 nodes"
                .formatted(constraint.path("RTarget").asText()));
      }
    }
    return Optional.empty();
  }

  boolean hasPort(String label) {
    return Jobs.countOf(document, label) > 0;
  }

  /** Why Nomad would not take the job. */
  Optional<String> invalid() {
    for (var group : specification.path("TaskGroups")) {
      for (var task : group.path("Tasks")) {
        if (task.path("Driver").asText("").isEmpty()) {
          return Optional.of(
              "Task group %s validation failed: Task %s: Missing task driver"
                  .formatted(group.path("Name").asText(), task.path("Name").asText()));
        }
      }
    }
    return Optional.empty();
  }
}
