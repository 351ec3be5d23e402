# Consul: what a pipeline may do with `canary apply`, `wait`, `get`, `describe`, `history`, `delete`
# and `plan`. Writing a definition is deploying, within the settings CANARY_ALLOW_… of the operator.
#
#   consul acl policy create -name canary-pipeline -rules @consul-pipeline.hcl
#
# `canary run` carries the run itself, and needs consul-pipeline-run.hcl instead, not in addition.

# Nothing that is not named below, above all not the frozen generations: they contain the jobs with
# their secrets.
key_prefix "canary/" {
  policy = "deny"
}

# Definitions. For the runs of one team only, name a prefix of their names: "canary/runs/team-a-".
key_prefix "canary/runs/" {
  policy = "write"
}

# How its runs go. Who could write here could feign a good verdict.
key_prefix "canary/status/" {
  policy = "list"
}

# Which operators are alive: `canary get --instances`.
key_prefix "canary/members/" {
  policy = "list"
}

# How they ended.
key_prefix "canary/history/" {
  policy = "list"
}

# What people asked for, which `describe` shows. To ask is for people.
key_prefix "canary/commands/" {
  policy = "list"
}

# The rest is for `canary plan`; leave it out if the pipeline does not call that. Jobs that
# definitions name by consulKey:
key_prefix "canary/jobs/" {
  policy = "list"
}

# Whether an operator could see the canaries' services, with the same permissions as its own:
service_prefix "" {
  policy = "read"
}

node_prefix "" {
  policy = "read"
}

# The datacenter's name, which is part of what marks the jobs of this installation.
agent_prefix "" {
  policy = "read"
}
