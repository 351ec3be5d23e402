# HAProxy in front of a service. Nomad renders its configuration from Consul: production and canary
# stand in one round-robin backend, so that each canary gets its share of real traffic.

variable "service" {
  description = "production's name in Consul"
  default     = "api"
}

variable "suffix" {
  description = "what the canary's name has in addition: canary.suffix of the definition"
  default     = "-canary"
}

variable "health_path" {
  description = "where HAProxy itself checks each instance"
  default     = "/health"
}

variable "port" {
  description = "where clients connect"
  default     = 8080
}

variable "count" {
  description = "on as many clients: the port is taken once on each"
  default     = 1
}

variable "command" {
  description = "haproxy 2.6 or newer on the clients"
  default     = "haproxy"
}

variable "driver" {
  description = "raw_exec, or exec where the command is in the chroot of tasks"
  default     = "raw_exec"
}

variable "consul_token" {
  description = <<-EOT
    where the token comes from that may read services and nodes in Consul: none (Consul checks no
    permissions), or identity (of this task; Consul trusts Nomad's identities)
  EOT
  default     = "none"

  validation {
    condition     = contains(["none", "identity"], var.consul_token)
    error_message = "It must be none or identity."
  }
}

job "haproxy" {
  # One after the other, so that somebody always answers.
  update {
    max_parallel = 1
  }

  group "haproxy" {
    count = var.count

    network {
      port "http" {
        static = var.port
      }
    }

    service {
      name = "haproxy"
      port = "http"

      check {
        type     = "http"
        path     = "/haproxy-health"
        interval = "1s"
        timeout  = "1s"
      }
    }

    task "haproxy" {
      driver = var.driver

      # SIGUSR1 ends it once the requests under way are answered, for which they have 10 seconds.
      kill_signal  = "SIGUSR1"
      kill_timeout = "12s"

      dynamic "consul" {
        for_each = var.consul_token == "identity" ? ["default"] : []
        content {}
      }

      config {
        command = var.command
        args    = ["-W", "-db", "-f", "local/haproxy.cfg"]
      }

      template {
        destination = "local/haproxy.cfg"

        # The master takes the new configuration; old workers finish what they have.
        change_mode   = "signal"
        change_signal = "SIGUSR2"
        splay         = "0s"

        wait {
          min = "100ms"
          max = "500ms"
        }

        data = <<-EOT
          global
            maxconn 4096
            hard-stop-after 10s
            stats socket abns@haproxy-{{ env "NOMAD_SHORT_ALLOC_ID" }} expose-fd listeners

          defaults
            mode http
            timeout connect 1s
            timeout client 60s
            timeout server 10s
            option idle-close-on-response

          frontend clients
            bind {{ env "NOMAD_ADDR_http" }}
            monitor-uri /haproxy-health
            default_backend instances

          backend instances
            balance roundrobin
            option httpchk GET ${var.health_path}
            # An instance that just went away answers nobody: the next one does.
            retries 3
            option redispatch 1
            retry-on conn-failure empty-response
            default-server check inter 1s fall 2 rise 1
          {{- range $name := parseJSON `${jsonencode([var.service, "${var.service}${var.suffix}"])}` }}
          {{- range service $name }}
            server {{ $name }}-{{ .Port }} {{ .Address }}:{{ .Port }}
          {{- end }}
          {{- end }}
        EOT
      }

      resources {
        cpu    = 200
        memory = 128
      }
    }
  }
}
