# Consul: what people may do: see every run, and promote, abort, pause and resume it.
#
#   consul acl policy create -name canary-people -rules @consul-people.hcl
#
# Definitions and generations contain jobs, with whatever secrets stand in them. Nothing that people do
# needs canary/generations/: deny it to those who must not see them.

# Definitions, statuses, generations, history, operators.
key_prefix "canary/" {
  policy = "list"
}

# The command, and to see that it was answered.
key_prefix "canary/commands/" {
  policy = "write"
}
