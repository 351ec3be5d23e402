package io.canaryrun.e2e;

import io.canaryrun.agents.LoopbackPorts;
import io.canaryrun.agents.Restartable;
import io.canaryrun.agents.Toxiproxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A daemon on a machine of the cluster, which sees nothing of Consul and Nomad but that machine's
 * agents, and those through Toxiproxy.
 */
final class Daemon implements AutoCloseable {
  final Restartable consul;
  final Restartable nomad;
  final Toxiproxy.Link toConsul;
  final Toxiproxy.Link toNomad;
  private final String name;
  private final Path log;
  private final Map<String, String> environment;
  private final int port = LoopbackPorts.free();
  private int starts;
  private CanaryProcess process;

  /**
   * @param usual what every process of canary is started with here
   */
  Daemon(
      String name,
      Toxiproxy toxiproxy,
      Restartable consul,
      Restartable nomad,
      Path directory,
      Map<String, String> usual) {
    this.name = name;
    this.consul = consul;
    this.nomad = nomad;
    this.toConsul = toxiproxy.link(name + "-consul", consul.address());
    this.toNomad = toxiproxy.link(name + "-nomad", nomad.address());
    this.log = directory.resolve("daemon-" + name + ".log");
    this.environment = new HashMap<>(usual);
    environment.put("CONSUL_HTTP_ADDR", toConsul.address().toString());
    environment.put("NOMAD_ADDR", toNomad.address().toString());
    environment.put("QUARKUS_HTTP_PORT", "" + port);
    start();
  }

  /** As a supervisor does: under a name of its own each time, and without looking after it. */
  void start() {
    starts++;
    environment.put("CANARY_AGENT_INSTANCE", instance());
    process = CanaryProcess.start(log, environment, "agent");
  }

  void awaitReady() {
    Http.await("http://127.0.0.1:" + port + "/q/health/ready", "\"UP\"");
  }

  /** Its name in statuses and sessions. */
  String instance() {
    return name + "-" + starts;
  }

  CanaryProcess process() {
    return process;
  }

  /** Also where it stands still. */
  @Override
  public void close() {
    if (process.isAlive()) {
      process.resume();
    }
    process.close();
  }
}
