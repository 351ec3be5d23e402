package io.canaryrun.adapter.consul;

import com.ecwid.consul.v1.ConsistencyMode;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.health.HealthServicesRequest;
import com.ecwid.consul.v1.health.model.Check;
import com.ecwid.consul.v1.health.model.HealthService;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.ServiceCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Health of services in Consul. */
public final class ConsulServiceCatalog implements ServiceCatalog {
  /** How Nomad names what it registers. */
  private static final Pattern NOMADS_ID = Pattern.compile("_nomad-task-([0-9a-f-]{36})-.*");

  private static final int MAX_OUTPUT_CHARS = 200;

  private final ConsulConnection consul;

  public ConsulServiceCatalog(ConsulConnection consul) {
    this.consul = consul;
  }

  @Override
  public List<Instance> instances(List<String> services) {
    return services.stream().flatMap(this::instances).toList();
  }

  private Stream<Instance> instances(String service) {
    var request =
        HealthServicesRequest.newBuilder()
            .setPassing(false)
            .setQueryParams(new QueryParams(ConsistencyMode.CONSISTENT))
            .build();
    var found =
        consul.query(
            "instances of service " + service,
            client -> client.getHealthServices(ConsulConnection.encoded(service), request));
    if (found.isEmpty()) {
      verifyReadable(service);
    }
    return found.stream().flatMap(instance -> instance(service, instance).stream());
  }

  /** Without permission, Consul answers with an empty list: ask what may be read. */
  private void verifyReadable(String service) {
    var request = "permission to read service " + service;
    var answer = consul.post(request, "/v1/internal/acl/authorize", questions(service));
    if (answer.status() == 401 && answer.body().contains("ACL support disabled")) {
      return;
    }
    if (answer.status() != 200) {
      throw consul.failure(request, answer.status(), answer.body());
    }
    var missing = missing(request, answer.body());
    if (!missing.isEmpty()) {
      throw new PortFailure.Rejected(
          "service %s: the token (%s) needs %s, else nothing proves that its canaries are gone"
              .formatted(service, consul.tokenInWords(), String.join(" and ", missing)));
    }
  }

  private List<String> missing(String request, String answers) {
    var missing = new ArrayList<String>();
    try {
      for (var answer : new ObjectMapper().readTree(answers)) {
        if (!answer.path("Allow").asBoolean()) {
          missing.add(
              answer.path("Resource").asText().equals("node")
                  ? "node:read on all nodes"
                  : "service:read on it");
        }
      }
    } catch (JsonProcessingException e) {
      throw consul.noAnswer(request, e);
    }
    return missing;
  }

  private static String questions(String service) {
    var questions = new ObjectMapper().createArrayNode();
    questions.addObject().put("Resource", "service").put("Access", "read").put("Segment", service);
    questions.addObject().put("Resource", "node").put("Access", "read").put("Segment", "");
    return questions.toString();
  }

  private static Optional<Instance> instance(String service, HealthService instance) {
    var id = NOMADS_ID.matcher(instance.getService().getId());
    return id.matches()
        ? Optional.of(new Instance(service, id.group(1), failing(instance.getChecks())))
        : Optional.empty();
  }

  private static Optional<String> failing(List<Check> checks) {
    return checks.stream()
        .filter(check -> check.getStatus() != Check.CheckStatus.PASSING)
        .findFirst()
        .map(check -> "check %s fails%s".formatted(check.getName(), output(check)));
  }

  private static String output(Check check) {
    var line = check.getOutput() == null ? "" : check.getOutput().strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "";
    }
    return ": "
        + (line.length() <= MAX_OUTPUT_CHARS ? line : line.substring(0, MAX_OUTPUT_CHARS) + "…");
  }
}
