package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.JobChanges;
import io.canaryrun.core.spec.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Reads and changes Nomad job documents; every field that is not meant to change survives. */
public final class Jobs {

  /** What Nomad adds to a stored job, and what is of no use in another registration. */
  private static final List<String> SERVER_FIELDS =
      List.of(
          "Status",
          "StatusDescription",
          "Stable",
          "Version",
          "VersionTag",
          "SubmitTime",
          "CreateIndex",
          "ModifyIndex",
          "JobModifyIndex",
          "NomadTokenID",
          "ConsulToken",
          "VaultToken",
          "DispatchIdempotencyToken");

  private Jobs() {}

  /**
   * A job from Nomad's JSON, with or without a surrounding {@code {"Job": …}}.
   *
   * @throws UnusableJob no JSON object, or one without an ID
   */
  public static JobDocument read(String json) {
    var node = parse(json);
    var job = node.get("Job") instanceof ObjectNode inner ? inner : node;
    if (job.path("ID").asText().isBlank()) {
      throw new UnusableJob("the job has no ID: it must be Nomad's JSON of a job");
    }
    return document(job);
  }

  private static ObjectNode parse(String json) {
    try {
      return Json.parse(json);
    } catch (IllegalArgumentException e) {
      throw new UnusableJob("the job is not JSON: " + e.getMessage());
    }
  }

  private static JobDocument document(ObjectNode job) {
    return new JobDocument(job.path("ID").asText(), Json.write(job));
  }

  private static ObjectNode tree(JobDocument job) {
    return Json.parse(job.json());
  }

  /** Without stamps, stop reason, {@code Stop}, and what Nomad adds to a stored job. */
  public static JobDocument source(JobDocument job) {
    var node = restorable(tree(job));
    node.remove("Stop");
    if (node.get("Meta") instanceof ObjectNode meta) {
      meta.remove(Stamps.KEYS);
    }
    return document(node);
  }

  /**
   * A stored job as it can be registered again: without what Nomad adds to a stored job, but with
   * its stamps. Used for returning production and for stopping what was left behind.
   */
  public static JobDocument restorable(JobDocument stored) {
    return document(restorable(tree(stored)));
  }

  private static ObjectNode restorable(ObjectNode job) {
    job.remove(SERVER_FIELDS);
    groups(job).forEach(Jobs::dropImpliedConstraint);
    groups(job).forEach(Jobs::dropImpliedNames);
    return job;
  }

  /** Nomad names the identity of a service after the service, whatever it is called. */
  private static void dropImpliedNames(ObjectNode group) {
    for (var service : JobGroups.services(group)) {
      if (service.get("Identity") instanceof ObjectNode identity) {
        identity.remove(List.of("Name", "ServiceName"));
      }
    }
  }

  /** Nomad adds this one to a group with workload identities each time it is registered. */
  private static void dropImpliedConstraint(ObjectNode group) {
    var constraints = group.path("Constraints").elements();
    while (constraints.hasNext()) {
      var constraint = constraints.next();
      if (constraint.path("LTarget").asText().equals("${attr.nomad.version}")
          && constraint.path("RTarget").asText().equals(">= 1.7.0-a")) {
        constraints.remove();
      }
    }
  }

  /**
   * With the namespace and region of a run.
   *
   * @throws UnusableJob the job names another namespace or region
   */
  public static JobDocument targeted(JobDocument job, Target target) {
    var node = tree(job);
    target(node, "Namespace", "default", target.namespace());
    target.region().ifPresent(region -> target(node, "Region", "global", region));
    return document(node);
  }

  /** Nomad's own default counts as not named: a parsed job has it filled in. */
  private static void target(ObjectNode job, String field, String byDefault, String wanted) {
    var named = job.path(field).asText("");
    if (!named.isEmpty() && !named.equals(byDefault) && !named.equals(wanted)) {
      throw new UnusableJob(
          "job %s has the %s %s, the run has %s: make them the same"
              .formatted(job.path("ID").asText(), field.toLowerCase(Locale.ROOT), named, wanted));
    }
    job.put(field, wanted);
  }

  /**
   * With the changes of a release.
   *
   * @throws UnusableJob there is no such task, or several and none is named
   */
  public static JobDocument changed(JobDocument job, JobChanges changes) {
    var node = tree(job);
    putAll(node, "Meta", changes.meta());
    if (changes.image().isPresent() || !changes.env().isEmpty()) {
      var task = task(node, changes);
      changes.image().ifPresent(image -> object(task, "Config").put("image", image));
      putAll(task, "Env", changes.env());
    }
    return document(node);
  }

  private static void putAll(ObjectNode node, String field, Map<String, String> values) {
    if (!values.isEmpty()) {
      var target = object(node, field);
      new TreeMap<>(values).forEach(target::put);
    }
  }

  static ObjectNode object(ObjectNode node, String field) {
    return node.get(field) instanceof ObjectNode present ? present : node.putObject(field);
  }

  private static ObjectNode task(ObjectNode job, JobChanges changes) {
    var tasks = groups(job).stream().flatMap(group -> objects(group, "Tasks").stream()).toList();
    var names = tasks.stream().map(task -> task.path("Name").asText()).toList();
    var named = changes.task();
    if (named.isEmpty() && tasks.size() != 1) {
      throw new UnusableJob(
          "/spec/job/set/task: the job has the tasks %s: name the one that changes"
              .formatted(String.join(", ", names)));
    }
    return tasks.stream()
        .filter(task -> named.isEmpty() || named.get().equals(task.path("Name").asText()))
        .findFirst()
        .orElseThrow(
            () ->
                new UnusableJob(
                    "/spec/job/set/task: the job has no task %s, it has %s"
                        .formatted(named.get(), String.join(", ", names))));
  }

  /**
   * The canary job of a production job: ID, name and service names suffixed, the count of each
   * group that has the counters' port set, {@code update} cleared of canaries, no autoscaling.
   */
  public static JobDocument canaryOf(
      JobDocument production, String suffix, int count, String port) {
    var job = tree(production);
    job.put("ID", production.id() + suffix);
    job.put("Name", job.path("Name").asText(production.id()) + suffix);
    clearCanaries(job);
    for (var group : groups(job)) {
      clearCanaries(group);
      group.remove("Scaling");
      if (JobGroups.hasPort(group, port)) {
        group.put("Count", count);
      }
      JobGroups.services(group).forEach(service -> suffix(service, suffix));
    }
    return document(job);
  }

  /**
   * The production job with canaries of its own, not promoted by Nomad itself, in every group: one
   * without them would be rolled out at once. A group that has neither the counters' port nor a
   * service has no more of them than it has allocations.
   */
  public static JobDocument withCanaries(JobDocument production, int count, String port) {
    var job = tree(production);
    for (var group : groups(job)) {
      var called = JobGroups.hasPort(group, port) || !JobGroups.services(group).isEmpty();
      var canaries = called ? count : Math.min(count, group.path("Count").asInt(1));
      object(group, "Update").put("Canary", canaries).put("AutoPromote", false);
    }
    return document(job);
  }

  /** How many groups with that port run anything. */
  public static int groupsWith(JobDocument job, String port) {
    return (int)
        groups(tree(job)).stream()
            .filter(group -> JobGroups.hasPort(group, port) && group.path("Count").asInt(1) > 0)
            .count();
  }

  private static void clearCanaries(ObjectNode jobOrGroup) {
    if (jobOrGroup.get("Update") instanceof ObjectNode update) {
      update.put("Canary", 0).put("AutoPromote", false).put("AutoRevert", false);
    }
  }

  /** A service without a name of its own is named after its job, which has the suffix already. */
  private static void suffix(ObjectNode service, String suffix) {
    var name = service.path("Name").asText("");
    if (!name.isEmpty()) {
      service.put("Name", name + suffix);
    }
  }

  /** With stamps, {@code digest} computed from the document itself. */
  public static JobDocument stamped(
      JobDocument job, String run, long generation, Stamps.Role role, String owner) {
    var stamps =
        new Stamps(run, generation, role, DefinitionCodec.digest(job.json()), owner).toMeta();
    var node = tree(job);
    stamps.forEach(object(node, "Meta")::put);
    return document(node);
  }

  /** Marked as stopped, for this reason. */
  public static JobDocument stopped(JobDocument job, String reason) {
    var node = tree(job);
    node.put("Stop", true);
    object(node, "Meta").put(Stamps.STOP_REASON, reason);
    return document(node);
  }

  /**
   * Whether a stored job is what was submitted, but for counts: every field that the submitted
   * document sets has that value in the stored one.
   */
  public static boolean isSubmitted(JobDocument submitted, JobDocument stored) {
    return JobComparison.isSubmitted(tree(submitted), tree(stored));
  }

  /** Whether two stored jobs have the same specification, but for counts. */
  public static boolean sameButForCounts(JobDocument a, JobDocument b) {
    return specification(a).equals(specification(b));
  }

  private static ObjectNode specification(JobDocument job) {
    var node = restorable(tree(job));
    for (var group : groups(node)) {
      group.remove("Count");
      if (group.get("Scaling") instanceof ObjectNode scaling) {
        scaling.remove(List.of("ID", "CreateIndex", "ModifyIndex"));
      }
    }
    return node;
  }

  /** Why a job cannot be run as a canary or deployed: not of type service, periodic, and so on. */
  public static List<String> unsupported(JobDocument job) {
    var node = tree(job);
    var reasons = new ArrayList<String>();
    var type = node.path("Type").asText("service");
    if (!type.equals("service")) {
      reasons.add("it is of type %s, only service jobs can be run as canaries".formatted(type));
    }
    for (var field : List.of("Periodic", "ParameterizedJob", "Multiregion")) {
      if (node.hasNonNull(field)) {
        reasons.add("it has a block " + field + ", which canaries do not support");
      }
    }
    if (groups(node).isEmpty()) {
      reasons.add("it has no task group");
    }
    return reasons;
  }

  public static Set<String> drivers(JobDocument job) {
    var drivers = new TreeSet<String>();
    for (var group : groups(tree(job))) {
      objects(group, "Tasks").forEach(task -> drivers.add(task.path("Driver").asText()));
    }
    return drivers;
  }

  /** Names under which a job's groups register in Consul, interpolated. */
  public static List<String> consulServices(JobDocument job) {
    return consulServices(job, _ -> true);
  }

  /** The same of the groups that have the port. */
  public static List<String> consulServices(JobDocument job, String port) {
    return consulServices(job, group -> JobGroups.hasPort(group, port));
  }

  private static List<String> consulServices(JobDocument job, Predicate<ObjectNode> which) {
    var node = tree(job);
    return groups(node).stream()
        .filter(which)
        .flatMap(group -> JobGroups.consulNames(node, group).stream())
        .distinct()
        .toList();
  }

  /** How many allocations the groups with that port have together. */
  public static int countOf(JobDocument job, String port) {
    return groups(tree(job)).stream()
        .filter(group -> JobGroups.hasPort(group, port))
        .mapToInt(group -> group.path("Count").asInt(1))
        .sum();
  }

  private static List<ObjectNode> groups(JsonNode job) {
    return objects(job, "TaskGroups");
  }

  static List<ObjectNode> objects(JsonNode node, String field) {
    var found = new ArrayList<ObjectNode>();
    for (var element : node.path(field)) {
      if (element instanceof ObjectNode object) {
        found.add(object);
      }
    }
    return found;
  }
}
