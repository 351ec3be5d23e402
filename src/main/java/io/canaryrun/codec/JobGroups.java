package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Ports and services of a task group. */
final class JobGroups {
  private JobGroups() {}

  /** Whether the group, or one of its tasks, has a port with that label. */
  static boolean hasPort(ObjectNode group, String label) {
    return hasPort(Jobs.objects(group, "Networks"), label)
        || Jobs.objects(group, "Tasks").stream()
            .anyMatch(task -> hasPort(Jobs.objects(task.path("Resources"), "Networks"), label));
  }

  private static boolean hasPort(List<ObjectNode> networks, String label) {
    return networks.stream()
        .flatMap(
            network ->
                List.of("DynamicPorts", "ReservedPorts").stream()
                    .flatMap(kind -> Jobs.objects(network, kind).stream()))
        .anyMatch(port -> port.path("Label").asText().equals(label));
  }

  /** The services of the group and of its tasks. */
  static List<ObjectNode> services(ObjectNode group) {
    var services = new ArrayList<>(Jobs.objects(group, "Services"));
    Jobs.objects(group, "Tasks").forEach(task -> services.addAll(Jobs.objects(task, "Services")));
    return services;
  }

  /** Names under which the group registers in Consul. */
  static List<String> consulNames(ObjectNode job, ObjectNode group) {
    var names = new ArrayList<String>();
    for (var service : Jobs.objects(group, "Services")) {
      addConsulName(names, service, job, group, "");
    }
    for (var task : Jobs.objects(group, "Tasks")) {
      for (var service : Jobs.objects(task, "Services")) {
        addConsulName(names, service, job, group, task.path("Name").asText());
      }
    }
    return names;
  }

  private static void addConsulName(
      List<String> names, JsonNode service, JsonNode job, JsonNode group, String task) {
    var provider = service.path("Provider").asText("");
    if (provider.isEmpty() || provider.equals("consul")) {
      var name = service.path("Name").asText("");
      names.add(interpolated(name.isEmpty() ? "${BASE}" : name, job, group, task));
    }
  }

  /** As Nomad does it in service names. */
  private static String interpolated(String name, JsonNode job, JsonNode group, String task) {
    var id = job.path("ID").asText();
    var jobName = job.path("Name").asText(id);
    var groupName = group.path("Name").asText();
    var base = task.isEmpty() ? jobName + "-" + groupName : jobName + "-" + groupName + "-" + task;
    return name.replace("${NOMAD_JOB_ID}", id)
        .replace("${NOMAD_JOB_NAME}", jobName)
        .replace("${JOB}", jobName)
        .replace("${NOMAD_GROUP_NAME}", groupName)
        .replace("${TASKGROUP}", groupName)
        .replace("${GROUP}", groupName)
        .replace("${NOMAD_TASK_NAME}", task)
        .replace("${TASK}", task)
        .replace("${BASE}", base);
  }
}
