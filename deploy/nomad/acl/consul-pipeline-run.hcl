# Consul: what a pipeline needs for `canary run`, which is operator and client in one process. It is
# much more than consul-pipeline.hcl: whoever has it can write the status of every run. Better have
# an operator and `canary apply --wait`; or name the runs, as in "canary/status/team-a-".
#
#   consul acl policy create -name canary-pipeline-run -rules @consul-pipeline-run.hcl

# The definition is written together with the locked status, so that no agent takes the run.
key_prefix "canary/runs/" {
  policy = "write"
}

# Everything else as for the operator; the reasons are in consul-operator.hcl.
key_prefix "canary/status/" {
  policy = "write"
}

key_prefix "canary/generations/" {
  policy = "write"
}

key_prefix "canary/history/" {
  policy = "write"
}

key_prefix "canary/commands/" {
  policy = "write"
}

key_prefix "canary/members/" {
  policy = "list"
}

key_prefix "canary/jobs/" {
  policy = "list"
}

session_prefix "" {
  policy = "write"
}

service_prefix "" {
  policy = "read"
}

node_prefix "" {
  policy = "read"
}

agent_prefix "" {
  policy = "read"
}
