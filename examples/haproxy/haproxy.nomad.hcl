# HAProxy in front of the example service. Nomad renders its configuration from Consul: production
# and canary stand in one round-robin backend, so that each canary gets its share of real traffic.

variable "port" {
  description = "where clients connect"
  default     = 8080
}

job "haproxy" {
  group "haproxy" {
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
      driver = "raw_exec"

      # SIGUSR1 ends it once the requests under way are answered.
      kill_signal = "SIGUSR1"

      config {
        command = "haproxy"
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

          frontend api
            bind {{ env "NOMAD_ADDR_http" }}
            monitor-uri /haproxy-health
            default_backend api

          backend api
            balance roundrobin
            option httpchk GET /health
            # An instance that just went away answers nobody: the next one does.
            retries 3
            option redispatch 1
            retry-on conn-failure empty-response
            default-server check inter 1s fall 2 rise 1
          {{- range $name := parseJSON "[\"api\", \"api-canary\"]" }}
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
