# Consul: what `canary agent` may do, and not more.
#
#   consul acl policy create -name canary-operator -rules @consul-operator.hcl
#
# With another CANARY_KV_PREFIX than canary/, change the prefixes here, too. `list` is what `read`
# is where Consul makes listing keys a permission of its own (acl.enable_key_list_policy).

# It reads definitions, and never writes or deletes one; and jobs in canary/jobs/ that definitions
# name by consulKey.
key_prefix "canary/" {
  policy = "list"
}

# Where each run stands. The lock on this key makes one daemon at a time the run's owner.
key_prefix "canary/status/" {
  policy = "write"
}

# What a generation means, frozen before anything is submitted.
key_prefix "canary/generations/" {
  policy = "write"
}

# How it ended; the oldest ones are deleted.
key_prefix "canary/history/" {
  policy = "write"
}

# It removes each command once it has answered it.
key_prefix "canary/commands/" {
  policy = "write"
}

# Who is alive: each shows itself, and removes what the dead left.
key_prefix "canary/members/" {
  policy = "write"
}

# The session that holds the locks. It belongs to the node whose agent is asked.
session_prefix "" {
  policy = "write"
}

# Whether the checks of canaries pass, and whether their instances are gone. Narrow it to the names
# of your services and canaries if you like: a run whose services it may not read is refused.
service_prefix "" {
  policy = "read"
}

# Consul leaves instances out of its answers whose node may not be read.
node_prefix "" {
  policy = "read"
}

# The datacenter's name, which is part of what marks the jobs of this installation.
agent_prefix "" {
  policy = "read"
}
