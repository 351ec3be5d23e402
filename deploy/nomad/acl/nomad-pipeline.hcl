# Nomad: what a pipeline needs beside consul-pipeline.hcl: nothing for `canary apply`, `wait` and the
# like, and this for `canary plan`. Leave it out if the pipeline does not call that.
#
#   nomad acl policy apply canary-pipeline nomad-pipeline.hcl
#
# `canary run` needs nomad-operator.hcl, applied without -namespace and -job.
namespace "default" {
  capabilities = [
    "parse-job", # HCL is parsed by Nomad.
    "read-job",  # The registered job that a definition starts from.
    "plan-job",  # What would change, and whether there is room. It changes nothing.
  ]
}
