# The canary of the example service, written by hand: the same program in a job and a Consul service
# of its own, which HAProxy puts beside production. `canary.job` of a definition takes it.

variable "version" {
  description = "shown in each answer"
  default     = "2"
}

variable "error_rate" {
  description = "share of requests that fail"
  default     = "0"
}

variable "count" {
  default = 8
}

job "api-canary" {
  group "api" {
    count = var.count

    network {
      port "http" {}
    }

    # HAProxy gets no new requests to an instance before that stops: it leaves Consul first.
    shutdown_delay = "2s"

    update {
      min_healthy_time = "2s"
      healthy_deadline = "1m"
    }

    service {
      name = "api-canary"
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
