package io.canaryrun.e2e;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A job of the example service in HCL, with variables {@code version} and {@code error_rate}. */
record ExampleJob(String id, String version, Path classes) {

  /** A group of the example service, with a port and a Consul service. */
  String group(String name, String service, int count, String... more) {
    return """
          group "%s" {
            count = %d
            network {
              port "http" {}
            }
            %s
            service {
              name = "%s"
              port = "http"
              check {
                type     = "http"
                path     = "/health"
                interval = "1s"
                timeout  = "1s"
              }
            }
            task "web" {
              driver      = "raw_exec"
              kill_signal = "SIGTERM"
              config {
                command = "%s/bin/java"
                args = ["-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                  "-cp", "%s", "Api"]
              }
              env {
                VERSION    = var.version
                ERROR_RATE = var.error_rate
              }
              resources {
                cpu    = 20
                memory = 40
              }
            }
          }
        """
        .formatted(name, count, policies(more), service, System.getProperty("java.home"), classes);
  }

  /** A group that nobody calls: it has no port. */
  String worker(String name, int count, String... more) {
    return """
          group "%s" {
            count = %d
            %s
            task "work" {
              driver = "raw_exec"
              config {
                command = "/bin/sleep"
                args    = ["3600"]
              }
              env {
                VERSION = var.version
              }
              resources {
                cpu    = 20
                memory = 20
              }
            }
          }
        """
        .formatted(name, count, policies(more));
  }

  /** Everything soon, and nothing twice. */
  private static String policies(String... more) {
    return Arrays.stream(more)
        .collect(
            Collectors.joining(
                "\n",
                """
                restart {
                  attempts = 2
                  interval = "5m"
                  delay    = "1s"
                  mode     = "fail"
                }
                reschedule {
                  attempts  = 0
                  unlimited = false
                }
                update {
                  min_healthy_time  = "1s"
                  healthy_deadline  = "60s"
                  progress_deadline = "90s"
                }
                migrate {
                  min_healthy_time = "1s"
                }
                """,
                ""));
  }

  /** The whole of it. */
  String hcl(String... groups) {
    return """
        variable "version" {
          default = "%s"
        }
        variable "error_rate" {
          default = "0"
        }
        job "%s" {
        %s}
        """
        .formatted(version, id, String.join("", groups));
  }
}
