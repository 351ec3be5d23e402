package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run in a test, with a production job, a canary job and services of its own name. */
final class Run {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);

  final String name;
  private final Stack stack;
  private final String prefix;

  Run(Stack stack, String name) {
    this(stack, name, "canary/");
  }

  /**
   * @param prefix of an installation of its own
   */
  Run(Stack stack, String name, String prefix) {
    this.stack = stack;
    this.name = name;
    this.prefix = prefix;
    stack.begun(this);
  }

  /** Leaves nothing of it running, however the test ended. */
  void stop() {
    Stream.of(canary(), name).filter(stack.nomad::knows).forEach(stack.nomad::stop);
  }

  String canary() {
    return name + "-canary";
  }

  /** Registers the production job, and waits until all its instances pass their checks. */
  Run production(int count) {
    stack.nomad.run(hcl(count, "1"));
    return awaitInstances(count);
  }

  /** Waits until production has that many instances whose checks pass. */
  Run awaitInstances(int count) {
    await(name + " is healthy")
        .atMost(LONG_ENOUGH)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> instances(name).size() == count);
    return this;
  }

  /** Waits until Nomad's deployment of production is over. */
  Run awaitDeployed() {
    await(name + " is deployed")
        .atMost(LONG_ENOUGH)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> stack.nomad.deployment(name).path("Status").asText().equals("successful"));
    return this;
  }

  /** The production job of the example service, with one group. */
  String hcl(int count, String version) {
    return hcl(name, count, version);
  }

  /** A canary of the example service that was written by hand. */
  String canaryHcl(int count, String... more) {
    return hcl(canary(), count, "2", more);
  }

  private String hcl(String id, int count, String version, String... more) {
    var job = new ExampleJob(id, version, stack.classes);
    return job.hcl(job.group("web", id, count, more));
  }

  /** A run of the usual definition that observes its canaries. */
  Run observed() {
    production(1);
    put(definition(Map.of())).awaitPhase("ObservingCounters");
    return this;
  }

  /** Version 2 of the production job, with these variables, as a definition. */
  String definition(Map<String, String> env, String... more) {
    var variables =
        env.entrySet().stream()
            .map(it -> ",\"%s\":\"%s\"".formatted(it.getKey(), it.getValue()))
            .collect(Collectors.joining());
    return definition(
        "\"job\":{\"nomadJob\":\"%s\",\"set\":{\"env\":{\"VERSION\":\"2\"%s}}}"
            .formatted(name, variables),
        more);
  }

  /**
   * A definition for a quick run.
   *
   * @param job field {@code job} of the specification
   * @param more fields that replace or join the usual ones
   */
  String definition(String job, String... more) {
    try {
      var spec =
          JSON.readTree(
              """
              {%s,
               "canary":{"count":2},
               "health":{"deadline":"60s","stableFor":"1s"},
               "counters":{"interval":"500ms","timeout":"1s","unreachableFor":"4s"},
               "analysis":{"requests":400},
               "deadline":"2m","promoteDeadline":"2m"}
              """
                  .formatted(job));
      for (var field : more) {
        JSON.readerForUpdating(spec).readValue("{" + field + "}");
      }
      var definition = JSON.createObjectNode();
      definition.put("apiVersion", "canary/v1").put("kind", "CanaryRun");
      definition.putObject("metadata").put("name", name);
      return definition.set("spec", spec).toPrettyString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A source of jobs: HCL with variables. */
  static String source(String hcl, Map<String, String> variables) {
    try {
      return "\"hcl\":%s,\"variables\":%s"
          .formatted(JSON.writeValueAsString(hcl), JSON.writeValueAsString(variables));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A definition in a file. */
  String file(String definition) {
    try {
      var file = stack.directory.resolve(name + ".json");
      return Files.writeString(file, definition).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code consul kv put} does. */
  Run put(String definition) {
    stack.consul.put(prefix + "runs/" + name, definition);
    return this;
  }

  void delete() {
    stack.consul.delete(prefix + "runs/" + name);
  }

  /** The status as it is in Consul KV; missing: there is none. */
  JsonNode status() {
    return json(stack.consul.address() + "/v1/kv/" + prefix + "status/" + name + "?raw");
  }

  private static JsonNode json(String address) {
    var text = Http.get(address);
    try {
      return text.isEmpty() ? JSON.missingNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  long generation() {
    return json(stack.consul.address() + "/v1/kv/" + prefix + "runs/" + name)
        .path(0)
        .path("ModifyIndex")
        .asLong();
  }

  /** Waits for a phase of the present generation. */
  JsonNode awaitPhase(String phase) {
    return await(name + " is " + phase + ", log in " + stack.directory)
        .atMost(LONG_ENOUGH)
        .pollInterval(Duration.ofMillis(20))
        .until(this::status, status -> status.path("phase").asText().equals(phase));
  }

  /** Waits for requests that were counted. */
  JsonNode awaitRequests(long count) {
    return await(name + " counts " + count + " requests, log in " + stack.directory)
        .atMost(LONG_ENOUGH)
        .pollInterval(Duration.ofMillis(100))
        .until(this::status, status -> status.path("totals").path("requests").asLong() >= count);
  }

  /** Waits for the end of the present generation. */
  JsonNode awaitEnd() {
    return awaitEnd(generation());
  }

  JsonNode awaitEnd(long generation) {
    return await(name + " has ended, log in " + stack.directory)
        .atMost(LONG_ENOUGH.multipliedBy(2))
        .pollInterval(Duration.ofMillis(100))
        .until(
            this::status,
            status ->
                status.path("generation").asLong() == generation
                    && !status.path("outcome").isMissingNode()
                    && !status.path("outcome").isNull());
  }

  JsonNode history(long generation) {
    return json(
        stack.consul.address()
            + "/v1/kv/"
            + prefix
            + "history/"
            + name
            + "/"
            + generation
            + "?raw");
  }

  /** Addresses of the instances of a service whose checks pass. */
  List<String> instances(String service) {
    var found = new ArrayList<String>();
    for (var instance : passing(service)) {
      var registered = instance.path("Service");
      found.add(registered.path("Address").asText() + ":" + registered.path("Port").asInt());
    }
    return found;
  }

  private JsonNode passing(String service) {
    return json(stack.consul.address() + "/v1/health/service/" + service + "?passing");
  }

  /** Allocations of a job that run, or may come to run. */
  long running(String jobId) {
    long running = 0;
    for (var allocation :
        json(stack.nomad.address() + "/v1/job/" + jobId + "/allocations?all=true")) {
      running += allocation.path("ClientStatus").asText().matches("running|pending") ? 1 : 0;
    }
    return running;
  }

  /** How often a job was registered otherwise than to stop it. */
  long submissions(String jobId) {
    long submissions = 0;
    for (var version :
        json(stack.nomad.address() + "/v1/job/" + jobId + "/versions").path("Versions")) {
      submissions += version.path("Stop").asBoolean() ? 0 : 1;
    }
    return submissions;
  }

  /** When a job's newest version was registered. */
  Instant registeredAt(String jobId) {
    long nanos = stack.nomad.job(jobId).path("SubmitTime").asLong();
    return Instant.ofEpochSecond(0, nanos);
  }

  /** The version of the service that a job runs. */
  String version(String jobId) {
    return stack.nomad.job(jobId).at("/TaskGroups/0/Tasks/0/Env/VERSION").asText();
  }

  /** Nothing of the canary is left: no allocation, no instance, and soon no lock. */
  void assertClean() {
    assertEquals(0, running(canary()), "allocations of " + canary());
    assertEquals(List.of(), instances(canary()), "instances of " + canary());
    assertNoCanary();
    assertUnlocked();
  }

  /** Production is as it was, in Nomad and in Consul, with nothing beside it. */
  void assertReturned(int count) {
    assertReturned(count, count);
  }

  /** The same for a job that has allocations outside the service of its name. */
  void assertReturned(int allocations, int instances) {
    assertEquals("1", version(name));
    assertEquals(allocations, running(name), "allocations of " + name);
    awaitInstances(instances); // A check may fail once on a busy machine.
    assertEquals("successful", stack.nomad.deployment(name).path("Status").asText());
    assertNoCanary();
    assertUnlocked();
  }

  /** Production is somebody else's; of the canaries nothing is left in it. */
  void assertLeftTo(String version) {
    assertEquals(version, version(name));
    assertNoCanary();
    assertUnlocked();
  }

  /** None of the allocations that the status lists runs, and none is in rotation. */
  private void assertNoCanary() {
    for (var canary : status().path("canaries")) {
      var id = canary.path("allocId").asText();
      var state = json(stack.nomad.address() + "/v1/allocation/" + id).path("ClientStatus");
      assertFalse(state.asText().matches("running|pending"), canary + " is " + state);
      for (var service : List.of(name, canary())) {
        var registered = passing(service).toString();
        assertFalse(registered.contains(id), "in rotation: " + registered);
      }
    }
  }

  void assertUnlocked() {
    await("the lock of " + name + " is given back")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .until(this::isUnlocked);
  }

  boolean isUnlocked() {
    return json(stack.consul.address() + "/v1/kv/" + prefix + "status/" + name)
        .path(0)
        .path("Session")
        .isMissingNode();
  }
}
