# Nomad: what `canary agent` may do, for each namespace in CANARY_ALLOW_NAMESPACES a block like this.
# For the system job of canary.nomad.hcl, which then needs no token:
#
#   nomad acl policy apply -namespace default -job canary canary-operator nomad-operator.hcl
#
# Before Nomad 1.11.2, "submit-job" takes the place of the last four.
namespace "default" {
  capabilities = [
    "list-jobs", # Each minute: did a canary job outlive its run?
    "parse-job", # Jobs that are written in HCL.
    "read-job",  # Jobs, allocations, deployments, evaluations; the events of all of them.

    "register-job",       # The canary, production, production as it was; stopping is registering.
    "plan-job",           # Mode deployment: would there be canaries at all?
    "promote-deployment", # Mode deployment, and production with canaries of its own.
    "fail-deployment",    # Mode deployment, when the canaries are bad.
  ]
}

# Jobs with volumes need their own permissions, too: "csi-mount-volume" above, or a block
# host_volume "NAME" { policy = "write" }.
