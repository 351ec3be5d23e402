package io.canaryrun.agents;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A real Nomad on loopback, server and client in one, with the drivers {@code raw_exec}, {@code
 * java} and {@code mock_driver}. Closing it stops every job first, and leaves no mount behind.
 */
public final class NomadAgent implements Restartable, AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The management token where permissions are checked. */
  public static final String ROOT = "5f0c1e1e-0000-4000-8000-000000000002";

  private final NomadConfig config;
  private final List<String> command;
  private AgentProcess process;

  private NomadAgent(NomadConfig config, String... mode) {
    this.config = config;
    this.command = new ArrayList<>(List.of("nomad", "agent"));
    command.addAll(List.of(mode));
    command.addAll(List.of("-config", config.file().toString()));
    start();
  }

  /**
   * One that remembers nothing. Its node's meta {@code example_api} is the directory {@code api}
   * beside its own.
   *
   * @param consul host and port of Consul's HTTP API
   */
  public static NomadAgent dev(Path directory, String consul) {
    return new NomadAgent(NomadConfig.of(directory, consul), "-dev");
  }

  /**
   * One that remembers nothing and denies what no policy allows; its tasks and services log in to
   * Consul with identities of their own.
   */
  public static NomadAgent withPermissions(Path directory, String consul) {
    return new NomadAgent(NomadConfig.of(directory, consul).guarded(), "-dev");
  }

  /** One that remembers nothing and talks to nobody without a certificate of its authority. */
  public static NomadAgent withTls(Path directory, String consul, Certificates certificates) {
    return new NomadAgent(NomadConfig.of(directory, consul).encrypted(certificates), "-dev");
  }

  /** One with a data directory, which may be killed and started again. */
  public static NomadAgent persistent(Path directory, String consul) {
    return new NomadAgent(
        NomadConfig.of(directory, consul).server("enabled = true\nbootstrap_expect = 1"));
  }

  /** One that remembers nothing, and finds a silent machine lost within ten seconds. */
  public static NomadAgent watchful(Path directory, String consul, String name) {
    return new NomadAgent(
        NomadConfig.of(directory, consul)
            .named(name)
            .server(
                """
                enabled = true
                heartbeat_grace   = "4s"
                min_heartbeat_ttl = "3s"
                """),
        "-dev");
  }

  /** Starts it (again), and waits until its node takes work. */
  @Override
  public void start() {
    process =
        AgentProcess.start(
            config.directory().resolve("nomad.log"), Map.of(), command.toArray(String[]::new));
    if (config.isGuarded()) {
      await("a management token is accepted, log in " + process.log())
          .atMost(START)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(this::isBootstrapped);
    }
    process.awaitAnswer(address().resolve("/v1/nodes"), "\"Status\":\"ready\"", START);
    process.awaitAnswer(address().resolve("/v1/nodes"), "raw_exec", START);
  }

  private boolean isBootstrapped() throws IOException {
    var secret = JSON.createObjectNode().put("BootstrapSecret", ROOT).toString();
    var answer = AgentHttp.ask("POST", address().resolve("/v1/acl/bootstrap"), secret);
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
    return AgentHttp.statusAs(token, "X-Nomad-Token", method, address().resolve(path), body);
  }

  @Override
  public URI address() {
    return URI.create(config.scheme() + "://127.0.0.1:" + config.http());
  }

  /** Host and port for its clients. */
  String servers() {
    return "127.0.0.1:" + config.rpc();
  }

  public AgentProcess process() {
    return process;
  }

  /** kill -9; its tasks go on running. */
  @Override
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

  /**
   * @param variables as in a file of variables
   */
  public JsonNode parse(String hcl, String variables) {
    var source = JSON.createObjectNode().put("JobHCL", hcl).put("Variables", variables);
    return send("POST", "/v1/jobs/parse", source);
  }

  /**
   * What {@code nomad job validate} asks.
   *
   * @param variables as in a file of variables
   */
  public JsonNode validate(String hcl, String variables) {
    var job = JSON.createObjectNode().set("Job", parse(hcl, variables));
    return send("PUT", "/v1/validate/job", job);
  }

  /** What {@code nomad job revert} does. */
  public void revert(String jobId, int version) {
    var body = JSON.createObjectNode().put("JobID", jobId).put("JobVersion", version);
    send("PUT", "/v1/job/" + jobId + "/revert", body);
  }

  /** What {@code nomad job inspect}, an editor, and {@code nomad job run} do. */
  public void edit(String jobId, UnaryOperator<String> change) {
    try {
      var edited = JSON.readTree(change.apply(job(jobId).toString()));
      send("POST", "/v1/jobs", JSON.createObjectNode().set("Job", edited));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What {@code nomad job stop -purge} does. */
  public void purge(String jobId) {
    send("DELETE", "/v1/job/" + jobId + "?purge=true", null);
  }

  /** Whether there is such a job, stopped or not. */
  public boolean knows(String jobId) {
    for (var job : send("GET", "/v1/jobs?prefix=" + jobId, null)) {
      if (job.path("ID").asText().equals(jobId)) {
        return true;
      }
    }
    return false;
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

  /** Lets services of a higher priority take the place of others. */
  public void allowPreemption() {
    var body = JSON.createObjectNode().put("SchedulerAlgorithm", "binpack");
    body.putObject("PreemptionConfig").put("ServiceSchedulerEnabled", true);
    send("PUT", "/v1/operator/scheduler/configuration", body);
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
    var answer = AgentHttp.send(method, address().resolve(path), text).body();
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
      Mounts.remove(config.directory());
    }
  }

  /** Not purged before they have ended: where permissions are checked, nobody sees them then. */
  private void removeJobs() {
    for (var job : send("GET", "/v1/jobs?namespace=*", null)) {
      var id = URLEncoder.encode(job.path("ID").asText(), StandardCharsets.UTF_8);
      send("DELETE", "/v1/job/" + id + "?namespace=" + job.path("Namespace").asText(), null);
    }
    await("all allocations have ended")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(this::nothingRuns);
    send("PUT", "/v1/system/gc", null);
    if (!config.isGuarded()) { // There, a task's socket is busy while Nomad streams events to it.
      await("nothing is mounted")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> Mounts.below(config.directory()).isEmpty());
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
}
