package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.Allocation;
import com.hashicorp.nomad.apimodel.NetworkResource;
import com.hashicorp.nomad.apimodel.Port;
import com.hashicorp.nomad.apimodel.Task;
import com.hashicorp.nomad.apimodel.TaskGroup;
import io.canaryrun.core.observation.Stamps;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What never changes about an allocation, so that it is asked for once.
 *
 * @param generation from the stamps of its job; empty: it is none of ours
 * @param hasPort its group has the port
 * @param servingTask whose process answers on the port
 * @param mainTasks that have to run for it to be healthy
 * @param deployed its health is judged by a deployment
 */
record AllocationFacts(
    Optional<Long> generation,
    boolean hasPort,
    Optional<String> address,
    Optional<String> servingTask,
    Set<String> mainTasks,
    boolean deployed) {

  static AllocationFacts of(Allocation allocation, String port) {
    var group = group(allocation);
    var generation =
        Optional.ofNullable(allocation.getJob().getMeta())
            .flatMap(Stamps::of)
            .map(Stamps::generation);
    return new AllocationFacts(
        generation,
        group.map(it -> hasPort(it, port)).orElse(false),
        address(allocation, port),
        group.flatMap(it -> ServingTask.of(it, port)),
        group.map(AllocationFacts::mainTasks).orElse(Set.of()),
        allocation.getDeploymentId() != null && !allocation.getDeploymentId().isBlank());
  }

  private static Optional<TaskGroup> group(Allocation allocation) {
    return ServingTask.list(allocation.getJob().getTaskGroups()).stream()
        .filter(group -> group.getName().equals(allocation.getTaskGroup()))
        .findFirst();
  }

  private static Set<String> mainTasks(TaskGroup group) {
    return ServingTask.list(group.getTasks()).stream()
        .filter(ServingTask::isMain)
        .map(Task::getName)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean hasPort(TaskGroup group, String port) {
    return networks(group.getNetworks())
        .flatMap(AllocationFacts::ports)
        .anyMatch(it -> port.equals(it.getLabel()));
  }

  /** Where the port is reached from outside the allocation. */
  private static Optional<String> address(Allocation allocation, String port) {
    var resources = allocation.getAllocatedResources();
    if (resources == null || resources.getShared() == null) {
      return Optional.empty();
    }
    var shared = resources.getShared();
    var mapped = ServingTask.unmapped(shared, "Ports").filter(List.class::isInstance);
    return mapped
        .flatMap(ports -> mapped((List<?>) ports, port))
        .or(
            () ->
                networks(shared.getNetworks())
                    .flatMap(
                        network ->
                            ports(network)
                                .filter(it -> port.equals(it.getLabel()))
                                .map(it -> address(network.getIp(), it.getValue())))
                    .findFirst());
  }

  private static Optional<String> mapped(List<?> ports, String label) {
    return ports.stream()
        .filter(Map.class::isInstance)
        .map(port -> (Map<?, ?>) port)
        .filter(port -> label.equals(port.get("Label")))
        .filter(port -> port.get("HostIP") instanceof String ip && !ip.isBlank())
        .map(port -> address((String) port.get("HostIP"), ((Number) port.get("Value")).intValue()))
        .findFirst();
  }

  private static String address(String ip, int port) {
    return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
  }

  private static Stream<NetworkResource> networks(List<NetworkResource> networks) {
    return ServingTask.list(networks).stream().filter(Objects::nonNull);
  }

  private static Stream<Port> ports(NetworkResource network) {
    return Stream.concat(
        ServingTask.list(network.getDynamicPorts()).stream(),
        ServingTask.list(network.getReservedPorts()).stream());
  }
}
