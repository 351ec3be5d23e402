package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.canaryrun.agents.Certificates;
import io.canaryrun.agents.ConsulAgent;
import io.canaryrun.agents.NomadAgent;
import io.canaryrun.agents.NomadMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.tools.ToolProvider;

/** Real Consul and Nomad, and the example service compiled for them. */
final class Stack implements AutoCloseable {
  final ConsulAgent consul;
  final NomadAgent nomad;
  final Path directory;
  final Path classes;
  private final List<NomadMachine> machines = new ArrayList<>();
  private final List<Run> runs = new CopyOnWriteArrayList<>();

  private Stack(Path directory, ConsulAgent consul, NomadAgent nomad) {
    this.directory = directory;
    this.consul = consul;
    this.nomad = nomad;
    this.classes = directory.resolve("api");
    var source = Path.of("examples/api/Api.java").toString();
    int problems =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source);
    if (problems != 0) {
      throw new IllegalStateException(source + " does not compile");
    }
  }

  private Stack(Stack other) {
    this.directory = other.directory;
    this.consul = other.consul;
    this.nomad = other.nomad;
    this.classes = other.classes;
  }

  /** The same agents, for a test that gives back what it ran: see {@link #stopRuns}. */
  Stack forOneTest() {
    return new Stack(this);
  }

  void begun(Run run) {
    runs.add(run);
  }

  /** Hundreds of services that nobody needs any more would starve the tests that follow. */
  void stopRuns() {
    runs.forEach(Run::stop);
  }

  /** Agents that remember nothing. */
  static Stack dev() {
    var directory = directory();
    var consul = ConsulAgent.dev(directory.resolve("consul"));
    return new Stack(
        directory, consul, NomadAgent.dev(directory.resolve("nomad"), consul.authority()));
  }

  /** Agents that remember nothing; Consul denies what no policy allows. */
  static Stack guarded() {
    var directory = directory();
    var consul = ConsulAgent.withPermissions(directory.resolve("consul"));
    return new Stack(
        directory, consul, NomadAgent.dev(directory.resolve("nomad"), consul.authority()));
  }

  /** Agents that remember nothing; both deny what no policy allows, to list keys as well. */
  static Stack locked() {
    var directory = directory();
    var consul = ConsulAgent.withPermissions(directory.resolve("consul"), true);
    return new Stack(
        directory,
        consul,
        NomadAgent.withPermissions(directory.resolve("nomad"), consul.authority()));
  }

  /** Agents that remember nothing; both talk to nobody without a certificate. */
  static Stack encrypted() {
    var directory = directory();
    var certificates = Certificates.shared();
    var consul = ConsulAgent.withTls(directory.resolve("consul"), certificates);
    return new Stack(
        directory,
        consul,
        NomadAgent.withTls(directory.resolve("nomad"), consul.authority(), certificates));
  }

  /** Agents with data directories, which may be killed and started again. */
  static Stack persistent() {
    var directory = directory();
    var consul = ConsulAgent.persistent(directory.resolve("consul"));
    return new Stack(
        directory, consul, NomadAgent.persistent(directory.resolve("nomad"), consul.authority()));
  }

  /** Agents on a machine called {@code stays}, which others may {@link #join}. */
  static Stack watchful() {
    var directory = directory();
    var consul = ConsulAgent.dev(directory.resolve("consul"));
    return new Stack(
        directory,
        consul,
        NomadAgent.watchful(directory.resolve("nomad"), consul.authority(), "stays"));
  }

  /**
   * A machine beside the first one, which takes no work yet.
   *
   * @param memoryMb that Nomad takes it to have
   */
  NomadMachine join(String name, int memoryMb) {
    var machine = NomadMachine.start(directory, name, nomad, consul, memoryMb);
    machines.add(machine);
    return machine;
  }

  /** Short: Nomad puts sockets below it, whose paths must not be longer than 107 characters. */
  private static Path directory() {
    try {
      return Files.createTempDirectory("c-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What every process of canary is started with. */
  Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("CONSUL_HTTP_ADDR", consul.address().toString());
    environment.put("NOMAD_ADDR", nomad.address().toString());
    environment.put("CANARY_ALLOW_DRIVERS", "raw_exec");
    return environment;
  }

  /** The same for an installation of its own in the same Consul. */
  Map<String, String> environment(String kvPrefix) {
    var environment = environment();
    environment.put("CANARY_KV_PREFIX", kvPrefix);
    return environment;
  }

  /** A process that has ended left no session in Consul. */
  void assertNoSession(CanaryProcess ended) {
    var sessions = consul.send("GET", "/v1/session/list", "").body();
    assertFalse(sessions.contains("-" + ended.pid() + "\""), sessions);
  }

  @Override
  public void close() {
    var all = new ArrayList<AutoCloseable>(List.of(nomad));
    all.addAll(machines);
    all.add(consul);
    Closing.all(all);
  }
}
