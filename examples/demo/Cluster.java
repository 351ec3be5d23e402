import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Consul and Nomad on loopback, with data of their own; closing leaves nothing behind. */
final class Cluster implements AutoCloseable {
  final int consulPort = free(8500);
  final int nomadPort = free(4646);
  private final Path directory;
  private final List<Process> agents = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  Cluster(Path directory) {
    this.directory = directory;
  }

  String consul() {
    return "http://127.0.0.1:" + consulPort;
  }

  String nomad() {
    return "http://127.0.0.1:" + nomadPort;
  }

  /** What programs need to find these agents. */
  Map<String, String> environment() {
    return Map.of("NOMAD_ADDR", nomad(), "CONSUL_HTTP_ADDR", consul());
  }

  /**
   * @param classes where the example service's classes are
   */
  void start(Path classes) throws IOException {
    launch(
        "consul",
        "agent",
        "-dev",
        "-bind=127.0.0.1",
        "-client=127.0.0.1",
        "-log-level=warn",
        "-http-port=" + consulPort,
        "-server-port=" + free(0),
        "-serf-lan-port=" + free(0),
        "-serf-wan-port=-1",
        "-dns-port=-1",
        "-grpc-port=-1",
        "-grpc-tls-port=-1");
    await("Consul", () -> get(consul() + "/v1/status/leader").contains(":"));
    var configuration = directory.resolve("nomad.hcl");
    Files.writeString(configuration, nomadConfiguration(classes));
    launch("nomad", "agent", "-dev", "-config=" + configuration);
    await(
        "Nomad",
        () -> {
          var nodes = get(nomad() + "/v1/nodes");
          return nodes.contains("\"Status\":\"ready\"")
              && get(nomad() + "/v1/nodes?resources=true").contains("raw_exec");
        });
  }

  private String nomadConfiguration(Path classes) {
    return """
        data_dir  = "%s"
        bind_addr = "127.0.0.1"
        log_level = "WARN"
        disable_update_check = true
        advertise {
          http = "127.0.0.1"
          rpc  = "127.0.0.1"
          serf = "127.0.0.1"
        }
        ports {
          http = %d
          rpc  = %d
          serf = %d
        }
        server {
          enabled          = true
          bootstrap_expect = 1
        }
        client {
          enabled           = true
          network_interface = "lo"
          options = {
            "fingerprint.denylist" = "env_aws,env_gce,env_azure,env_digitalocean"
          }
          meta {
            example_api = "%s"
          }
        }
        plugin "raw_exec" {
          config {
            enabled = true
          }
        }
        consul {
          address = "127.0.0.1:%d"
        }
        """
        .formatted(
            directory.resolve("nomad"), nomadPort, free(4647), free(4648), classes, consulPort);
  }

  /** In a session of its own: a Ctrl-C is meant for the demo, which stops it in good order. */
  private void launch(String... command) throws IOException {
    var full = new ArrayList<>(List.of("setsid"));
    full.addAll(List.of(command));
    var log = directory.resolve(command[0] + ".log").toFile();
    agents.add(new ProcessBuilder(full).redirectErrorStream(true).redirectOutput(log).start());
  }

  /** Runs {@code nomad job run} for a file, and returns once Nomad has taken the job. */
  void submit(Path file, Map<String, Object> variables) throws IOException {
    var command = new ArrayList<>(List.of("nomad", "job", "run", "-detach"));
    variables.forEach((name, value) -> command.add("-var=" + name + "=" + value));
    command.add(file.toString());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment());
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IOException("nomad job run " + file + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Instances of a service whose checks pass. */
  int passing(String service) {
    return count(get(consul() + "/v1/health/service/" + service + "?passing"), "\"Service\": ?\\{");
  }

  String status(String run) {
    return get(consul() + "/v1/kv/canary/status/" + run + "?raw");
  }

  String job(String id) {
    return get(nomad() + "/v1/job/" + id);
  }

  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (agents.stream().anyMatch(agent -> !agent.isAlive())) {
        throw new IllegalStateException("an agent ended, see above");
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(what + " was not ready within a minute, see above");
      }
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static int count(String text, String pattern) {
    return (int) Pattern.compile(pattern).matcher(text).results().count();
  }

  boolean answers(String address) {
    return !get(address).isEmpty();
  }

  /** The body of the answer; empty where there is none, or it is an error. */
  private String get(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)));
  }

  private String send(HttpRequest.Builder request) {
    try {
      var answer =
          http.send(request.timeout(Duration.ofSeconds(5)).build(), BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ends of what agents and tasks wrote, since the files are about to go. */
  void showLogs() throws IOException {
    try (var paths = Files.walk(directory)) {
      var logs = paths.filter(path -> path.toString().matches(".*(\\.log|\\.stderr\\.\\d+)"));
      for (var log : logs.filter(Files::isRegularFile).toList()) {
        var lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        if (!lines.isEmpty()) {
          System.out.println("--- " + log.getFileName());
          lines.subList(Math.max(0, lines.size() - 10), lines.size()).forEach(System.out::println);
        }
      }
    }
  }

  /** Jobs first: a Nomad that stops leaves its tasks running, and their directories mounted. */
  @Override
  public void close() {
    if (agents.size() > 1 && agents.get(1).isAlive()) {
      purgeJobs();
    }
    for (var agent : agents.reversed()) {
      agent.destroy();
      try {
        if (!agent.waitFor(15, TimeUnit.SECONDS)) {
          agent.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        agent.destroyForcibly();
      }
    }
    unmount();
    delete(directory);
  }

  private void purgeJobs() {
    for (var id : List.of("canary", "api-canary", "api", "haproxy")) {
      send(HttpRequest.newBuilder(URI.create(nomad() + "/v1/job/" + id + "?purge=true")).DELETE());
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    var running = "\"ClientStatus\":\"(running|pending)\"";
    while (System.nanoTime() < deadline && count(get(nomad() + "/v1/allocations"), running) > 0) {
      pause();
    }
    send(
        HttpRequest.newBuilder(URI.create(nomad() + "/v1/system/gc")).PUT(BodyPublishers.noBody()));
    while (System.nanoTime() < deadline && !isEmpty(directory.resolve("nomad/alloc"))) {
      pause();
    }
  }

  private static boolean isEmpty(Path path) {
    try (var entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  private void unmount() {
    try {
      for (var mount : Files.readAllLines(Path.of("/proc/mounts")).reversed()) {
        var point = mount.split(" ")[1];
        if (point.startsWith(directory + "/")) {
          new ProcessBuilder("umount", point).start().waitFor();
        }
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("demo: could not unmount below " + directory + ": " + e);
    }
  }

  private static void delete(Path root) {
    try (var paths = Files.walk(root)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("demo: could not remove " + root + ": " + e);
    }
  }

  /** The port if it is free on loopback, else any that is. */
  static int free(int preferred) {
    for (int port : new int[] {preferred, 0}) {
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket.getLocalPort();
      } catch (IOException e) {
        continue;
      }
    }
    throw new IllegalStateException("no port is free on loopback");
  }
}
