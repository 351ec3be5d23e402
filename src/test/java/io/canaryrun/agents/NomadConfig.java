package io.canaryrun.agents;

import java.nio.file.Path;

/** Configuration files of Nomad. */
final class NomadConfig {
  /** Denies what no policy allows. */
  static final String PERMISSIONS =
      """
      acl {
        enabled = true
      }
      """;

  /** By which tasks and services log in to Consul. */
  static final String IDENTITIES =
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

  private NomadConfig() {}

  /** The files of certificates, in whichever block. */
  static String files(Certificates certificates) {
    return """
        ca_file   = "%s"
        cert_file = "%s"
        key_file  = "%s"
        """
        .formatted(certificates.authority(), certificates.agent(), certificates.agentKey());
  }

  /** Talks to nobody without a certificate. */
  static String tls(String files) {
    return """
        tls {
          http = true
          rpc  = true
          verify_server_hostname = true
          verify_https_client    = true
          %s
        }
        """
        .formatted(files);
  }

  /**
   * How it finds Consul.
   *
   * @param address host and port
   * @param more of the same block
   */
  static String consul(String address, String more) {
    return """
        consul {
          address = "%s"
          token   = "%s"
          client_auto_join = false
          server_auto_join = false
          %s
        }
        """
        .formatted(address, ConsulAgent.ROOT, more);
  }

  /**
   * Server and client in one, with the driver {@code raw_exec}. Its node's meta {@code example_api}
   * is the directory {@code api} beside its own.
   */
  static String of(Path directory, int http, boolean dev) {
    return """
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
          enabled = true
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
        }
        plugin "raw_exec" {
          config {
            enabled = true
          }
        }
        """
        .formatted(
            directory.resolve("data"),
            http,
            AgentProcess.freePort(),
            AgentProcess.freePort(),
            dev ? "" : "bootstrap_expect = 1",
            directory.resolveSibling("api"));
  }
}
