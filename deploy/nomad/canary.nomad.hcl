# The operator on every Nomad client. Each run is held by one of them; when that dies, another goes
# on with it.

variable "java" {
  description = "java of a JDK 25 or newer on the clients"
  default     = "java"
}

variable "home" {
  description = "the directory quarkus-app, as built, on the clients"
  default     = "/opt/canary/quarkus-app"
}

variable "port" {
  description = "HTTP on loopback: health, metrics, API"
  default     = 8484
}

variable "nomad_addr" {
  default = "http://127.0.0.1:4646"
}

variable "consul_http_addr" {
  default = "http://127.0.0.1:8500"
}

variable "namespaces" {
  description = "whoever may write a definition may deploy in these namespaces"
  default     = "default"
}

variable "jobs" {
  description = "and these jobs, with * as a wildcard"
  default     = "*"
}

variable "drivers" {
  description = "with these task drivers"
  default     = "docker,podman,exec,exec2,java"
}

job "canary" {
  type = "system"

  update {
    max_parallel     = 1
    min_healthy_time = "5s"
  }

  group "canary" {
    network {
      port "http" {
        static = var.port
      }
    }

    # It listens on loopback only, and the Consul agent of the same client checks it there.
    service {
      name    = "canary"
      port    = "http"
      address = "127.0.0.1"

      check {
        type     = "http"
        path     = "/q/health/ready"
        interval = "5s"
        timeout  = "2s"
      }
    }

    restart {
      attempts = 10
      interval = "5m"
      delay    = "2s"
      mode     = "delay"
    }

    task "agent" {
      driver = "raw_exec"

      # It ends its work, gives its locks back, and another agent goes on at once.
      kill_signal  = "SIGTERM"
      kill_timeout = "10s"

      config {
        command = var.java
        args = [
          "-XX:+UseSerialGC", "-Xmx192m",
          "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
          "-jar", "${var.home}/quarkus-run.jar", "agent",
        ]
      }

      env {
        NOMAD_ADDR              = var.nomad_addr
        CONSUL_HTTP_ADDR        = var.consul_http_addr
        QUARKUS_HTTP_PORT       = var.port
        CANARY_ALLOW_NAMESPACES = var.namespaces
        CANARY_ALLOW_JOBS       = var.jobs
        CANARY_ALLOW_DRIVERS    = var.drivers
      }

      resources {
        cpu    = 200
        memory = 320
      }
    }
  }
}
