# Nomad: what a pipeline needs beside consul-pipeline.hcl, that is, nothing for `apply` and `wait`.
# This is to look at what a release would change (`nomad job plan`) before it is applied; leave it out
# if nobody does.
#
#   nomad acl policy apply canary-pipeline nomad-pipeline.hcl
#
# `canary run` needs nomad-operator.hcl, applied without -namespace and -job.
namespace "default" {
  capabilities = [
    "parse-job", # HCL is parsed by Nomad.
    "read-job",  # The registered job that a definition starts from.
    "plan-job",  # The difference. It changes nothing.
  ]
}
