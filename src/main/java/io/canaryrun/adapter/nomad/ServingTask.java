package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.Service;
import com.hashicorp.nomad.apimodel.Task;
import com.hashicorp.nomad.apimodel.TaskGroup;
import com.hashicorp.nomad.javasdk.ApiObject;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which task of a group listens on a port: its process is the one that counts. Nomad does not say,
 * so the first of these that is found: the task whose own service has the port; the one that a
 * service of the group with the port names; the leader; the one whose driver publishes the port;
 * the first that is no helper of the others.
 */
final class ServingTask {
  private ServingTask() {}

  static Optional<String> of(TaskGroup group, String port) {
    var tasks = list(group.getTasks());
    return first(tasks, task -> list(task.getServices()).stream().anyMatch(has(port)))
        .or(() -> named(group, port))
        .or(() -> first(tasks, Task::getLeader))
        .or(() -> first(tasks, task -> publishes(task, port)))
        .or(() -> first(tasks, ServingTask::isMain));
  }

  /** Runs as long as the allocation: no prestart, poststart or poststop task. */
  static boolean isMain(Task task) {
    return task.getLifecycle() == null || blank(task.getLifecycle().getHook());
  }

  private static Predicate<Service> has(String port) {
    return service -> port.equals(service.getPortLabel());
  }

  private static Optional<String> named(TaskGroup group, String port) {
    return list(group.getServices()).stream()
        .filter(has(port))
        .map(service -> unmapped(service, "TaskName"))
        .flatMap(Optional::stream)
        .map(Object::toString)
        .filter(name -> !name.isBlank())
        .findFirst();
  }

  private static boolean publishes(Task task, String port) {
    return task.getConfig() != null
        && task.getConfig().get("ports") instanceof Collection<?> ports
        && ports.contains(port);
  }

  private static Optional<String> first(List<Task> tasks, Predicate<Task> rule) {
    return tasks.stream().filter(rule).map(Task::getName).findFirst();
  }

  /** A field that nomad-sdk does not know. */
  static Optional<Object> unmapped(ApiObject object, String field) {
    return Stream.ofNullable(object.getUnmappedProperties())
        .map(fields -> fields.get(field))
        .filter(Objects::nonNull)
        .findFirst();
  }

  static <T> List<T> list(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
