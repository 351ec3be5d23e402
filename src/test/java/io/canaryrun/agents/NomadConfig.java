package io.canaryrun.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How an agent of Nomad on loopback is configured.
 *
 * @param consul host and port of Consul's HTTP API
 * @param server the block of that name
 * @param client more of the block of that name
 * @param top more settings
 */
record NomadConfig(
    Path directory, String consul, int http, int rpc, String server, String client, String top) {

  private static final String PERMISSIONS = "acl {\nenabled = true\n}";

  static NomadConfig of(Path directory, String consul) {
    return new NomadConfig(
        directory,
        consul,
        AgentProcess.freePort(),
        AgentProcess.freePort(),
        "enabled = true",
        "",
        "");
  }

  NomadConfig server(String block) {
    return new NomadConfig(directory, consul, http, rpc, block, client, top);
  }

  NomadConfig client(String more) {
    return new NomadConfig(directory, consul, http, rpc, server, more, top);
  }

  NomadConfig named(String name) {
    return top("name = \"%s\"".formatted(name));
  }

  /** Denies what no policy allows. */
  NomadConfig guarded() {
    return top(PERMISSIONS);
  }

  boolean isGuarded() {
    return top.equals(PERMISSIONS);
  }

  private NomadConfig top(String settings) {
    return new NomadConfig(directory, consul, http, rpc, server, client, settings);
  }

  /** Writes it. */
  Path file() {
    var file = directory.resolve("nomad.hcl");
    try {
      Files.createDirectories(directory);
      return Files.writeString(file, text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() {
    return """
        %s
        bind_addr = "127.0.0.1"
        data_dir  = "%s"
        log_level = "WARN"
        disable_update_check = true
        leave_on_interrupt = false
        ports {
          http = %d
          rpc  = %d
          serf = %d
        }
        advertise {
          http = "127.0.0.1"
          rpc  = "127.0.0.1"
          serf = "127.0.0.1"
        }
        server {
          %s
        }
        client {
          enabled = true
          network_interface = "lo"
          gc_interval = "10m"
          meta {
            example_api = "%s"
          }
          options = {
            "fingerprint.denylist" = "env_aws,env_gce,env_azure,env_digitalocean"
          }
          %s
        }
        consul {
          address = "%s"
          token   = "%s"
          client_auto_join = false
          server_auto_join = false
        }
        plugin "raw_exec" {
          config {
            enabled = true
          }
        }
        """
        .formatted(
            top,
            directory.resolve("data"),
            http,
            rpc,
            AgentProcess.freePort(),
            server,
            directory.resolveSibling("api"),
            client,
            consul,
            ConsulAgent.ROOT);
  }
}
