# The example service as it runs in production: four instances of a plain Java program.
#
# Its classes are where the client's meta "example_api" says; `make demo` compiles them there.

variable "version" {
  description = "shown in each answer"
  default     = "1"
}

variable "error_rate" {
  description = "share of requests that fail"
  default     = "0"
}

variable "count" {
  default = 4
}

job "api" {
  group "api" {
    count = var.count

    network {
      port "http" {}
    }

    # HAProxy gets no new requests to an instance before that stops: it leaves Consul first.
    shutdown_delay = "2s"

    update {
      max_parallel     = 2
      min_healthy_time = "2s"
      healthy_deadline = "1m"
    }

    service {
      name = "api"
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
        command = "java"
        args = [
          "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
          "-cp", "${meta.example_api}", "Api",
        ]
      }

      env {
        VERSION    = var.version
        ERROR_RATE = var.error_rate
      }

      resources {
        cpu    = 50
        memory = 64
      }
    }
  }
}
