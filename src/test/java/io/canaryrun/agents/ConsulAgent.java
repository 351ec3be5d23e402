package io.canaryrun.agents;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A real Consul on loopback, one server that is its own client. */
public final class ConsulAgent implements Restartable, AutoCloseable {
  /** The management token where permissions are checked. */
  public static final String ROOT = "5f0c1e1e-0000-4000-8000-000000000001";

  private static final Duration START = Duration.ofSeconds(30);

  private final Path directory;
  private final List<String> command;
  private final URI address;
  private final int serf;
  private AgentProcess process;

  private ConsulAgent(Path directory, List<String> command, URI address, int serf) {
    this.directory = directory;
    this.command = command;
    this.address = address;
    this.serf = serf;
  }

  /** One that remembers nothing. */
  public static ConsulAgent dev(Path directory) {
    return started(directory, List.of("-dev"), "http", "");
  }

  /** One with a data directory, which may be killed and started again. */
  public static ConsulAgent persistent(Path directory) {
    return started(
        directory,
        List.of("-server", "-bootstrap-expect=1", "-data-dir=" + directory.resolve("data")),
        "http",
        "");
  }

  /** One that denies what no policy allows. */
  public static ConsulAgent withPermissions(Path directory) {
    return withPermissions(directory, false);
  }

  /**
   * @param listing whether to list keys is a permission of its own
   */
  public static ConsulAgent withPermissions(Path directory, boolean listing) {
    return started(
        directory,
        List.of("-dev"),
        "http",
        """
        acl {
          enabled        = true
          default_policy = "deny"
          enable_key_list_policy = %s
          tokens {
            initial_management = "%s"
            agent              = "%s"
          }
        }
        """
            .formatted(listing, ROOT, ROOT));
  }

  /** One that talks to nobody without a certificate of its authority. */
  public static ConsulAgent withTls(Path directory, Certificates certificates) {
    return started(
        directory,
        List.of("-dev"),
        "https",
        """
        tls {
          defaults {
            ca_file         = "%s"
            cert_file       = "%s"
            key_file        = "%s"
            verify_incoming = true
          }
        }
        """
            .formatted(certificates.authority(), certificates.agent(), certificates.agentKey()));
  }

  /** A client of another one. */
  static ConsulAgent joined(Path directory, String name, ConsulAgent server) {
    return started(
        directory,
        List.of("-data-dir=" + directory.resolve("data")),
        "http",
        """
        node_name  = "%s"
        retry_join = ["127.0.0.1:%d"]
        """
            .formatted(name, server.serf));
  }

  private static ConsulAgent started(
      Path directory, List<String> mode, String scheme, String more) {
    int port = LoopbackPorts.free();
    int serf = LoopbackPorts.free();
    var config = directory.resolve("consul.hcl");
    try {
      Files.createDirectories(directory);
      Files.writeString(
          config,
          """
          bind_addr            = "127.0.0.1"
          client_addr          = "127.0.0.1"
          disable_update_check = true
          log_level            = "WARN"
          ports {
            %s
            grpc     = -1
            grpc_tls = -1
            dns      = -1
            server   = %d
            serf_lan = %d
            serf_wan = -1
          }
          %s
          """
              .formatted(ports(scheme, port), LoopbackPorts.free(), serf, more));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var command = new ArrayList<>(List.of("consul", "agent"));
    command.addAll(mode);
    command.add("-config-file=" + config);
    var agent =
        new ConsulAgent(directory, command, URI.create(scheme + "://127.0.0.1:" + port), serf);
    agent.start();
    return agent;
  }

  private static String ports(String scheme, int port) {
    return "http  = %d\n    https = %d"
        .formatted(scheme.equals("http") ? port : -1, scheme.equals("https") ? port : -1);
  }

  /** Starts it (again), and waits until it has a leader. */
  @Override
  public void start() {
    process =
        AgentProcess.start(
            directory.resolve("consul.log"), Map.of(), command.toArray(String[]::new));
    process.awaitAnswer(address.resolve("/v1/status/leader"), ":", START);
    process.awaitAnswer(address.resolve("/v1/catalog/datacenters"), "dc1", START);
  }

  @Override
  public URI address() {
    return address;
  }

  /** Host and port, as Nomad wants it. */
  public String authority() {
    return address.getAuthority();
  }

  @Override
  public void kill() {
    process.kill();
  }

  /** What {@code consul kv put} does. */
  public void put(String key, String value) {
    send("PUT", "/v1/kv/" + key, value);
  }

  /** What {@code consul kv get -keys} tells. */
  public List<String> keys(String prefix) {
    return Pattern.compile("\"([^\"]+)\"")
        .matcher(send("GET", "/v1/kv/?keys", "").body())
        .results()
        .map(found -> found.group(1))
        .filter(key -> key.startsWith(prefix))
        .toList();
  }

  /** What {@code consul kv delete} does. */
  public void delete(String key) {
    send("DELETE", "/v1/kv/" + key, "");
  }

  /** Replaces the rules of that name; what a token may do changes at once. */
  public void changeRules(String name, String rules) {
    var id =
        send("GET", "/v1/acl/policy/name/" + name, "")
            .body()
            .replaceAll("(?s).*\"ID\":\\s*\"([^\"]+)\".*", "$1");
    send("PUT", "/v1/acl/policy/" + id, policy(name, rules));
  }

  private static String policy(String name, String rules) {
    return "{\"Name\":\"%s\",\"Rules\":\"%s\"}"
        .formatted(name, rules.replace("\"", "\\\"").replace("\n", "\\n"));
  }

  /**
   * What {@code nomad setup consul} does, so that tasks and services log in with the identity that
   * Nomad gives them; and what the job {@code canary} may do then.
   *
   * @param nomad address of the HTTP API
   * @param rules of the operator
   */
  public void trustIdentitiesOf(URI nomad, String rules) {
    send("PUT", "/v1/acl/policy", policy("canary-operator", rules));
    send(
        "PUT",
        "/v1/acl/auth-method",
        """
        {"Name": "nomad-workloads", "Type": "jwt", "Config": {
          "JWKSURL": "%s", "JWTSupportedAlgs": ["RS256"], "BoundAudiences": ["consul.io"],
          "ClaimMappings": {
            "nomad_namespace": "nomad_namespace", "nomad_job_id": "nomad_job_id",
            "nomad_task": "nomad_task", "nomad_service": "nomad_service"}}}
        """
            .formatted(nomad.resolve("/.well-known/jwks.json")));
    bind("service", "${value.nomad_service}", "\"nomad_service\" in value");
    bind(
        "policy",
        "canary-operator",
        "\"nomad_service\" not in value and value.nomad_namespace == default"
            + " and value.nomad_job_id == canary");
  }

  private void bind(String type, String name, String selector) {
    send(
        "PUT",
        "/v1/acl/binding-rule",
        """
        {"AuthMethod": "nomad-workloads", "BindType": "%s", "BindName": "%s", "Selector": "%s"}
        """
            .formatted(type, name, selector.replace("\"", "\\\"")));
  }

  /** A token with these rules. */
  public String token(String name, String rules) {
    send("PUT", "/v1/acl/policy", policy(name, rules));
    return token(name);
  }

  /** Another token with the rules of that name. */
  public String token(String name) {
    var answer =
        send("PUT", "/v1/acl/token", "{\"Policies\":[{\"Name\":\"%s\"}]}".formatted(name)).body();
    return answer.replaceAll("(?s).*\"SecretID\":\\s*\"([^\"]+)\".*", "$1");
  }

  /** Deletes a token. */
  public void revoke(String token) {
    try {
      for (var known : new ObjectMapper().readTree(send("GET", "/v1/acl/tokens", "").body())) {
        if (known.path("SecretID").asText().equals(token)) {
          send("DELETE", "/v1/acl/token/" + known.path("AccessorID").asText(), "");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes of a request of somebody with that token. */
  public int statusAs(String token, String method, String path, String body) {
    return AgentHttp.statusAs(token, "X-Consul-Token", method, address.resolve(path), body);
  }

  /** Any request to its API as its manager; the answer must be a success. */
  public HttpResponse<String> send(String method, String path, String body) {
    return AgentHttp.send(method, address.resolve(path), body);
  }

  @Override
  public void close() {
    process.close();
  }
}
