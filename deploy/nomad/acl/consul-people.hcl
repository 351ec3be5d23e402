# Consul: what people may do: see every run, and promote, abort, pause and resume it.
#
#   consul acl policy create -name canary-people -rules @consul-people.hcl

# Definitions, statuses, history, commands, operators.
key_prefix "canary/" {
  policy = "list"
}

# The frozen generations contain the jobs with whatever secrets stand in them, and nothing that people
# do needs them. Definitions they see: keep secrets out of these, the jobs can take them from Vault or
# from Nomad's variables.
key_prefix "canary/generations/" {
  policy = "deny"
}

# Jobs that definitions name by their key: the same.
key_prefix "canary/jobs/" {
  policy = "deny"
}

# The command, and to see that it was answered.
key_prefix "canary/commands/" {
  policy = "write"
}
