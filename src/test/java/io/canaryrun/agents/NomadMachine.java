package io.canaryrun.agents;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A machine of its own in a cluster: a client of Nomad with a client of Consul beside it. */
public final class NomadMachine implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(60);

  private final NomadConfig config;
  private final String name;
  private final NomadAgent servers;
  private final ConsulAgent consul;
  private AgentProcess process;
  private List<ProcessHandle> tasks = List.of();

  private NomadMachine(NomadConfig config, String name, NomadAgent servers, ConsulAgent consul) {
    this.config = config;
    this.name = name;
    this.servers = servers;
    this.consul = consul;
    startNomad();
  }

  /**
   * Starts both; {@link #awaitReady} waits until it takes work.
   *
   * @param memoryMb that Nomad takes it to have
   */
  public static NomadMachine start(
      Path directory, String name, NomadAgent servers, ConsulAgent consulServer, int memoryMb) {
    var consul = ConsulAgent.joined(directory.resolve(name + "-consul"), name, consulServer);
    var home = directory.resolve(name);
    var config =
        NomadConfig.of(home, consul.authority())
            .named(name)
            .server("enabled = false")
            .client(
                "servers = [\"%s\"]\nmemory_total_mb = %d".formatted(servers.servers(), memoryMb));
    return new NomadMachine(config, name, servers, consul);
  }

  private void startNomad() {
    process =
        AgentProcess.start(
            config.directory().resolve("nomad.log"),
            Map.of(),
            "nomad",
            "agent",
            "-config",
            config.file().toString());
  }

  /** Its Consul alone. */
  public Restartable consul() {
    return consul;
  }

  /** Its Nomad alone: while that is dead, its tasks go on. */
  public Restartable nomad() {
    return new Restartable() {
      @Override
      public URI address() {
        return URI.create(config.scheme() + "://127.0.0.1:" + config.http());
      }

      @Override
      public void kill() {
        killNomad();
      }

      @Override
      public void start() {
        startNomad();
        process.awaitAnswer(address().resolve("/v1/agent/health"), "ok", START);
        awaitReady();
      }
    };
  }

  public void awaitReady() {
    await(name + " is ready, log in " + process.log())
        .atMost(START)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> node().at("/Drivers/raw_exec/Healthy").asBoolean());
  }

  private JsonNode node() {
    for (var node : servers.send("GET", "/v1/nodes", null)) {
      if (node.path("Name").asText().equals(name) && node.path("Status").asText().equals("ready")) {
        return node;
      }
    }
    return JSON.missingNode();
  }

  /** What {@code nomad node drain -enable} does. */
  public void drain() {
    var body = JSON.createObjectNode();
    body.putObject("DrainSpec").put("Deadline", Duration.ofMinutes(5).toNanos());
    servers.send("PUT", "/v1/node/" + node().path("ID").asText() + "/drain", body);
  }

  /** kill -9 of Nomad alone: its tasks go on serving, and Consul goes on checking them. */
  public void killNomad() {
    tasks = process.descendants();
    process.kill();
  }

  /** And of everything else on it. */
  public void killTheRest() {
    tasks.forEach(ProcessHandle::destroyForcibly);
    consul.kill();
  }

  @Override
  public void close() {
    process.close();
    tasks.forEach(ProcessHandle::destroyForcibly);
    consul.close();
    Mounts.remove(config.directory());
  }
}
