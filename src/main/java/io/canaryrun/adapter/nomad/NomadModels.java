package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.Allocation;
import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.Deployment;
import com.hashicorp.nomad.apimodel.DeploymentUpdateResponse;
import com.hashicorp.nomad.apimodel.Evaluation;
import com.hashicorp.nomad.apimodel.Job;
import com.hashicorp.nomad.apimodel.JobPlanResponse;
import com.hashicorp.nomad.javasdk.JobVersionsResponseData;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What Jackson reads and writes in our calls of nomad-sdk, each with all that it consists of, kept
 * in the native executable.
 */
@RegisterForReflection(
    registerFullHierarchy = true,
    targets = {
      Allocation.class,
      AllocationListStub.class,
      Deployment.class,
      DeploymentUpdateResponse.class,
      Evaluation.class,
      Job.class,
      JobPlanResponse.class,
      JobVersionsResponseData.class,
    },
    classNames = { // Not public.
      "com.hashicorp.nomad.javasdk.DeploymentsApi$DeploymentPromoteRequest",
      "com.hashicorp.nomad.javasdk.DeploymentsApi$DeploymentSpecificRequest",
    })
final class NomadModels {
  private NomadModels() {}
}
