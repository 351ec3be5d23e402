# Consul: what a pipeline may do with `canary apply`, `wait`, `get`, `describe`, `history` and
# `delete`. Writing a definition is deploying, within the settings CANARY_ALLOW_… of the operator.
#
#   consul acl policy create -name canary-pipeline -rules @consul-pipeline.hcl
#
# `canary run` carries the run itself, and needs consul-pipeline-run.hcl instead, not in addition.

# Nothing that is not named below: neither the frozen generations (they contain the jobs with their
# secrets) nor the commands of people.
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
