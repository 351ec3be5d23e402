package io.canaryrun.agents;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A real Nomad on loopback, server and client in one, with the drivers {@code raw_exec}, {@code
 * java} and {@code mock_driver}. Closing it stops every job first, and leaves no mount behind.
 */
public final class NomadAgent implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /**
   * Nomad cannot unmount the secrets of a task that used its API, as long as it has not noticed
   * that the connection is closed.
   */
  private static final Duration COLLECTION = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The management token where permissions are checked. */
  public static final String ROOT = "5f0c1e1e-0000-4000-8000-000000000002";

  private final Path directory;
  private final List<String> command;
  private final URI address;
  private final boolean guarded;
  private AgentProcess process;

  private NomadAgent(Path directory, List<String> command, URI address, boolean guarded) {
    this.directory = directory;
    this.command = command;
    this.address = address;
    this.guarded = guarded;
  }

  /**
   * One that remembers nothing. Its node's meta {@code example_api} is the directory {@code api}
   * beside its own.
   *
   * @param consul host and port of Consul's HTTP API
   */
  public static NomadAgent dev(Path directory, String consul) {
    return started(directory, true, "http", NomadConfig.consul(consul, ""));
  }

  /** One with a data directory, which may be killed and started again. */
  public static NomadAgent persistent(Path directory, String consul) {
    return started(directory, false, "http", NomadConfig.consul(consul, ""));
  }

  /**
   * One that remembers nothing and denies what no policy allows; its tasks and services log in to
   * Consul with identities of their own.
   */
  public static NomadAgent withPermissions(Path directory, String consul) {
    var more = NomadConfig.consul(consul, NomadConfig.IDENTITIES) + NomadConfig.PERMISSIONS;
    return started(directory, true, "http", more);
  }

  /** One that remembers nothing and talks to nobody without a certificate of its authority. */
  public static NomadAgent withTls(Path directory, String consul, Certificates certificates) {
    var files = NomadConfig.files(certificates);
    var more = NomadConfig.consul(consul, "ssl = true\n" + files) + NomadConfig.tls(files);
    return started(directory, true, "https", more);
  }

  private static NomadAgent started(Path directory, boolean dev, String scheme, String more) {
    int http = AgentProcess.freePort();
    var config = directory.resolve("nomad.hcl");
    try {
      Files.createDirectories(directory);
      Files.writeString(config, NomadConfig.of(directory, http, dev) + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var command = new ArrayList<>(List.of("nomad", "agent"));
    if (dev) {
      command.add("-dev");
    }
    command.addAll(List.of("-config", config.toString()));
    var address = URI.create(scheme + "://127.0.0.1:" + http);
    var agent = new NomadAgent(directory, command, address, more.contains(NomadConfig.PERMISSIONS));
    agent.start();
    return agent;
  }

  /** Starts it (again), and waits until its node takes work. */
  public void start() {
    process =
        AgentProcess.start(
            directory.resolve("nomad.log"), Map.of(), command.toArray(String[]::new));
    if (guarded) {
      await("a management token is accepted, log in " + process.log())
          .atMost(START)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(this::isBootstrapped);
    }
    process.awaitAnswer(address.resolve("/v1/nodes"), "\"Status\":\"ready\"", START);
    process.awaitAnswer(address.resolve("/v1/nodes"), "raw_exec", START);
  }

  private boolean isBootstrapped() throws IOException {
    var secret = JSON.createObjectNode().put("BootstrapSecret", ROOT).toString();
    var answer = AgentHttp.ask("POST", address.resolve("/v1/acl/bootstrap"), secret);
    return answer.statusCode() == 200 || answer.body().contains("already done");
  }

  /**
   * What {@code nomad acl policy apply} does.
   *
   * @param job empty, or the ID of the job whose tasks may do this with their identity
   */
  public void policy(String name, String rules, String job) {
    var policy = JSON.createObjectNode().put("Name", name).put("Rules", rules);
    if (!job.isEmpty()) {
      policy.putObject("JobACL").put("Namespace", "default").put("JobID", job);
    }
    send("POST", "/v1/acl/policy/" + name, policy);
  }

  /** What {@code nomad var put} does. */
  public void variable(String path, JsonNode items) {
    var variable = JSON.createObjectNode().put("Namespace", "default").put("Path", path);
    send("PUT", "/v1/var/" + path, variable.set("Items", items));
  }

  /**
   * A token with the rules of that name.
   *
   * @return with fields {@code SecretID} and {@code AccessorID}
   */
  public JsonNode token(String policy) {
    var token = JSON.createObjectNode().put("Name", policy).put("Type", "client");
    token.putArray("Policies").add(policy);
    return send("POST", "/v1/acl/token", token);
  }

  /** What comes of a request of somebody with that token. */
  public int statusAs(String token, String method, String path, String body) {
    return AgentHttp.statusAs(token, "X-Nomad-Token", method, address.resolve(path), body);
  }

  public URI address() {
    return address;
  }

  public AgentProcess process() {
    return process;
  }

  /** kill -9; its tasks go on running. */
  public void kill() {
    process.kill();
  }

  /** What {@code nomad job run} does. */
  public void run(String hcl) {
    run(hcl, "");
  }

  /**
   * The same with variables.
   *
   * @param variables as in a file of variables
   */
  public void run(String hcl, String variables) {
    send("POST", "/v1/jobs", JSON.createObjectNode().set("Job", parse(hcl, variables)));
  }

  /** What {@code nomad job run -output} tells: the job as JSON. */
  public JsonNode parse(String hcl) {
    return parse(hcl, "");
  }

  private JsonNode parse(String hcl, String variables) {
    var source = JSON.createObjectNode().put("JobHCL", hcl).put("Variables", variables);
    return send("POST", "/v1/jobs/parse", source);
  }

  /** What {@code nomad job stop} does. */
  public void stop(String jobId) {
    send("DELETE", "/v1/job/" + jobId, null);
  }

  /** What {@code nomad job scale} does. */
  public void scale(String jobId, String group, int count) {
    var body = JSON.createObjectNode().put("Count", count);
    body.putObject("Target").put("Group", group);
    send("POST", "/v1/job/" + jobId + "/scale", body);
  }

  /** What {@code nomad deployment promote} does with a job's latest deployment. */
  public void promote(String jobId) {
    var id = deployment(jobId).path("ID").asText();
    var body = JSON.createObjectNode().put("DeploymentID", id).put("All", true);
    send("PUT", "/v1/deployment/promote/" + id, body);
  }

  /** What {@code nomad deployment fail} does with a job's latest deployment. */
  public void fail(String jobId) {
    send("PUT", "/v1/deployment/fail/" + deployment(jobId).path("ID").asText(), null);
  }

  /** A job's latest deployment. */
  public JsonNode deployment(String jobId) {
    return send("GET", "/v1/job/" + jobId + "/deployment", null);
  }

  public JsonNode job(String jobId) {
    return send("GET", "/v1/job/" + jobId, null);
  }

  public JsonNode allocations(String jobId) {
    return send("GET", "/v1/job/" + jobId + "/allocations?all=true", null);
  }

  /** Any request to its API; the answer must be a success. */
  public JsonNode send(String method, String path, JsonNode body) {
    var text = body == null ? "" : body.toString();
    var answer = AgentHttp.send(method, address.resolve(path), text).body();
    try {
      return answer.isBlank() ? JSON.nullNode() : JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops and forgets all jobs, then the agent. */
  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        removeJobs();
      }
    } finally {
      process.close();
      unmount();
    }
  }

  private void removeJobs() {
    for (var job : send("GET", "/v1/jobs?namespace=*", null)) {
      var id = URLEncoder.encode(job.path("ID").asText(), StandardCharsets.UTF_8);
      send("DELETE", "/v1/job/" + id + "?purge=true", null);
    }
    await("all allocations have ended")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(this::nothingRuns);
    send("PUT", "/v1/system/gc", null);
    var end = System.nanoTime() + COLLECTION.toNanos();
    while (!mounts().isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private boolean nothingRuns() {
    for (var allocation : send("GET", "/v1/allocations?namespace=*", null)) {
      var state = allocation.path("ClientStatus").asText();
      if (state.equals("running") || state.equals("pending")) {
        return false;
      }
    }
    return true;
  }

  /** What a killed agent left below its directory. */
  private void unmount() {
    for (var mount : mounts()) {
      var umount =
          AgentProcess.start(directory.resolve("umount.log"), Map.of(), "umount", "-l", mount);
      await().atMost(COLLECTION).until(() -> !umount.isAlive());
    }
  }

  private List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/mounts")).stream()
          .map(line -> line.split(" ", 3)[1])
          .filter(mount -> mount.startsWith(directory.toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
