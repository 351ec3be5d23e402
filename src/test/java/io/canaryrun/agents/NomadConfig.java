package io.canaryrun.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How an agent of Nomad on loopback is configured.
 *
 * @param consul host and port of Consul's HTTP API
 * @param tasks the ports that it gives to its tasks
 * @param server the block of that name
 * @param client more of the block of that name
 * @param consulMore of the block {@code consul}
 * @param top more settings
 */
record NomadConfig(
    Path directory,
    String consul,
    int http,
    int rpc,
    LoopbackPorts.Range tasks,
    String server,
    String client,
    String consulMore,
    String top) {

  private static final String PERMISSIONS = "acl {\nenabled = true\n}";
  private static final String TLS = "tls {\n";

  /** By which tasks and services log in to Consul. */
  private static final String IDENTITIES =
      """
      service_identity {
        aud = ["consul.io"]
        ttl = "1h"
      }
      task_identity {
        aud = ["consul.io"]
        ttl = "1h"
      }
      """;

  static NomadConfig of(Path directory, String consul) {
    int http = LoopbackPorts.free();
    int rpc = LoopbackPorts.free();
    var tasks = LoopbackPorts.Range.next();
    return new NomadConfig(directory, consul, http, rpc, tasks, "enabled = true", "", "", "");
  }

  NomadConfig server(String block) {
    return new NomadConfig(directory, consul, http, rpc, tasks, block, client, consulMore, top);
  }

  NomadConfig client(String more) {
    return new NomadConfig(directory, consul, http, rpc, tasks, server, more, consulMore, top);
  }

  NomadConfig named(String name) {
    return with("", "name = \"%s\"".formatted(name));
  }

  /** Denies what no policy allows; tasks and services log in to Consul with their identities. */
  NomadConfig guarded() {
    return with(IDENTITIES, PERMISSIONS);
  }

  boolean isGuarded() {
    return top.equals(PERMISSIONS);
  }

  /** Talks to nobody without a certificate of that authority. */
  NomadConfig encrypted(Certificates certificates) {
    var files =
        """
        ca_file   = "%s"
        cert_file = "%s"
        key_file  = "%s"
        """
            .formatted(certificates.authority(), certificates.agent(), certificates.agentKey());
    return with(
        "ssl = true\n" + files,
        TLS
            + """
              http = true
              rpc  = true
              verify_server_hostname = true
              verify_https_client    = true
              %s
            }
            """
                .formatted(files));
  }

  String scheme() {
    return top.startsWith(TLS) ? "https" : "http";
  }

  private NomadConfig with(String moreOfConsul, String settings) {
    return new NomadConfig(
        directory, consul, http, rpc, tasks, server, client, moreOfConsul, settings);
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
          min_dynamic_port = %d
          max_dynamic_port = %d
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
          %s
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
            LoopbackPorts.free(),
            server,
            tasks.first(),
            tasks.last(),
            directory.resolveSibling("api"),
            client,
            consul,
            ConsulAgent.ROOT,
            consulMore);
  }
}
