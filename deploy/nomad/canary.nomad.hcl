# The operator on every Nomad client. Each run is held by one of them; when that dies, another goes
# on with it. What to type, in order: README.md beside this file.

variable "program" {
  description = "what starts canary on the clients, with its first arguments if there are any"
  type        = list(string)
  default     = ["/opt/canary/bin/canary"]
}

variable "driver" {
  description = "raw_exec, or exec where the program is in the chroot of tasks"
  default     = "raw_exec"
}

variable "datacenters" {
  type    = list(string)
  default = ["*"]
}

variable "port" {
  description = "HTTP on loopback: health and metrics"
  default     = 8484
}

variable "nomad_addr" {
  description = <<-EOT
    empty: the socket that Nomad makes for this task, which takes nobody without a token; with
    nomad_token=none, http://127.0.0.1:4646
  EOT
  default     = ""
}

variable "consul_http_addr" {
  description = "the Consul agent of the same client"
  default     = "http://127.0.0.1:8500"
}

variable "nomad_token" {
  description = <<-EOT
    where the Nomad token comes from: none (Nomad checks no permissions), identity (of this task), or
    variable (nomad_token in the Nomad variable nomad/jobs/canary), which mode deployment needs up to
    Nomad 1.11.3: it plans nothing for identities
  EOT
  default     = "none"

  validation {
    condition     = contains(["none", "identity", "variable"], var.nomad_token)
    error_message = "It must be none, identity or variable."
  }
}

variable "consul_token" {
  description = <<-EOT
    where the Consul token comes from: none (Consul checks no permissions), identity (of this task;
    Consul trusts Nomad's identities), or variable (consul_token in the Nomad variable
    nomad/jobs/canary)
  EOT
  default     = "none"

  validation {
    condition     = contains(["none", "identity", "variable"], var.consul_token)
    error_message = "It must be none, identity or variable."
  }
}

variable "checks" {
  description = "who checks the health of the operator: consul or nomad"
  default     = "consul"
}

variable "kv_prefix" {
  description = "where in Consul KV everything lies"
  default     = "canary/"
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

variable "environment" {
  description = "more variables: CONSUL_CACERT and the like for TLS, other settings of canary"
  type        = map(string)
  default     = {}
}

variable "log_format" {
  description = "text, or json for whoever collects logs"
  default     = "text"

  validation {
    condition     = contains(["text", "json"], var.log_format)
    error_message = "It must be text or json."
  }
}

locals {
  nomad_addr = {
    none     = "http://127.0.0.1:4646"
    identity = "unix://$${NOMAD_SECRETS_DIR}/api.sock"
    variable = "unix://$${NOMAD_SECRETS_DIR}/api.sock"
  }
  nomad_token_file = {
    none     = ""
    identity = "$${NOMAD_SECRETS_DIR}/nomad_canary.jwt"
    variable = "$${NOMAD_SECRETS_DIR}/variable_nomad_token"
  }
}

job "canary" {
  type        = "system"
  datacenters = var.datacenters

  # One client after the other: the rest go on with its runs meanwhile.
  update {
    max_parallel     = 1
    min_healthy_time = "5s"
    healthy_deadline = "2m"
  }

  group "canary" {
    network {
      port "http" {
        static = var.port
      }
    }

    # It listens on loopback only, and is checked there by an agent of the same client.
    service {
      name     = "canary"
      port     = "http"
      address  = "127.0.0.1"
      provider = var.checks

      check {
        name     = "ready"
        type     = "http"
        path     = "/q/health/ready"
        interval = "5s"
        timeout  = "2s"
      }

      # Who does not even answer that it lives is started anew.
      check {
        name     = "live"
        type     = "http"
        path     = "/q/health/live"
        interval = "10s"
        timeout  = "5s"

        check_restart {
          limit = 3
          grace = "60s"
        }
      }
    }

    # It never gives up: without an operator, canaries stand still.
    restart {
      attempts = 10
      interval = "5m"
      delay    = "2s"
      mode     = "delay"
    }

    task "agent" {
      driver = var.driver

      # On SIGTERM it gives its runs back, and others go on with them at once. That takes less than a
      # second, but for a call under way, which Nomad and Consul may take 10 s each to answer.
      kill_signal  = "SIGTERM"
      kill_timeout = "30s"

      config {
        command = var.program[0]
        args    = concat(slice(var.program, 1, length(var.program)), ["agent"])
      }

      # Who it is for Nomad: what acl/nomad-operator.hcl says applies to this job. Nomad renews the
      # token in its file, which is read again when it changes.
      identity {
        name = "canary"
        aud  = ["nomadproject.io"]
        ttl  = "1h"
        file = true
      }

      # Who it is for Consul: the token that Consul gives for an identity of this task.
      dynamic "consul" {
        for_each = var.consul_token == "identity" ? ["default"] : []
        content {}
      }

      # Or tokens that somebody made; these files, too, are read again when they change.
      dynamic "template" {
        for_each = setunion(
          var.nomad_token == "variable" ? ["nomad_token"] : [],
          var.consul_token == "variable" ? ["consul_token"] : [],
        )
        content {
          destination = "secrets/variable_${template.value}"
          change_mode = "noop"
          perms       = var.driver == "raw_exec" ? "600" : "644" # exec runs it as nobody, alone.
          data        = "{{ with nomadVar \"nomad/jobs/canary\" }}{{ .${template.value} }}{{ end }}"
        }
      }

      env = merge({
        NOMAD_ADDR                       = var.nomad_addr != "" ? var.nomad_addr : local.nomad_addr[var.nomad_token]
        NOMAD_TOKEN_FILE                 = local.nomad_token_file[var.nomad_token]
        CONSUL_HTTP_ADDR                 = var.consul_http_addr
        CONSUL_HTTP_TOKEN_FILE           = var.consul_token == "variable" ? "$${NOMAD_SECRETS_DIR}/variable_consul_token" : ""
        QUARKUS_HTTP_PORT                = var.port
        QUARKUS_LOG_CONSOLE_JSON_ENABLED = var.log_format == "json"
        CANARY_AGENT_NODE                = "$${node.unique.name}"
        CANARY_KV_PREFIX                 = var.kv_prefix
        CANARY_ALLOW_NAMESPACES          = var.namespaces
        CANARY_ALLOW_JOBS                = var.jobs
        CANARY_ALLOW_DRIVERS             = var.drivers
      }, var.environment)

      logs {
        max_files     = 5
        max_file_size = 10
      }

      resources {
        cpu    = 200
        memory = 448
      }
    }
  }
}
