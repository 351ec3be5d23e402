package io.canaryrun.adapter.nomad;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.apimodel.Job;
import com.hashicorp.nomad.apimodel.JobPlanResponse;
import com.hashicorp.nomad.javasdk.QueryOptions;
import com.hashicorp.nomad.javasdk.WriteOptions;
import io.canaryrun.adapter.http.Access;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Nomad, through nomad-sdk; what that lacks, over the same HTTP client. */
public final class NomadCluster implements Cluster, AutoCloseable {
  private final NomadConnection nomad;
  private final AllocationReader allocations;
  private final NomadEvents events;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param tls for an https address; empty: the trust store of Java
   * @param clock tells the time; no thread of it is used
   */
  public NomadCluster(Access access, Optional<SSLContext> tls, Scheduler clock) {
    this.nomad = new NomadConnection(access, tls);
    this.allocations = new AllocationReader(nomad, clock);
    this.events = new NomadEvents(nomad);
  }

  /**
   * Nomad's defaults are not filled in: namespace and region are then absent unless the job names
   * them.
   */
  @Override
  public JobDocument parse(Target target, String hcl, Map<String, String> variables) {
    var body =
        json.createObjectNode()
            .put("JobHCL", hcl)
            .put("Canonicalize", false)
            .put("Variables", assignments(variables));
    var answer = nomad.put(nomad.address("/v1/jobs/parse", target), body.toString());
    var job = success("parse HCL", answer);
    return new JobDocument(job.path("ID").asText(), answer.body());
  }

  private static String assignments(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(variable -> variable.getKey() + " = " + variable.getValue() + "\n")
        .collect(Collectors.joining());
  }

  @Override
  public Optional<JobSeen> job(Target target, String jobId) {
    return nomad.find(
        "job " + jobId,
        sdk -> {
          var answer = sdk.getJobsApi().info(jobId, query(target));
          return seen(answer.getValue(), answer.getRawEntity());
        });
  }

  private static JobSeen seen(Job job, String document) {
    return new JobSeen(
        job.getJobModifyIndex().longValue(),
        job.getVersion().longValue(),
        Boolean.TRUE.equals(job.getStop()),
        meta(job),
        new JobDocument(job.getId(), document));
  }

  private static Map<String, String> meta(Job job) {
    return job.getMeta() == null ? Map.of() : job.getMeta();
  }

  @Override
  public SortedMap<Long, Map<String, String>> versions(Target target, String jobId) {
    var versions = new TreeMap<Long, Map<String, String>>();
    nomad
        .find(
            "versions of job " + jobId,
            sdk -> sdk.getJobsApi().versions(jobId, query(target)).getValue().getVersions())
        .orElse(List.of())
        .forEach(job -> versions.put(job.getVersion().longValue(), meta(job)));
    return versions;
  }

  @Override
  public boolean register(Target target, JobDocument job, long over, boolean preserveCounts) {
    var body =
        "{\"EnforceIndex\":true,\"JobModifyIndex\":%d,\"PreserveCounts\":%b,\"Job\":%s}"
            .formatted(over, preserveCounts, job.json());
    var answer = nomad.put(nomad.address("/v1/jobs", target), body);
    if (Verdict.isConflict(answer.status(), answer.body())) {
      return false;
    }
    success("register job " + job.id(), answer);
    return true;
  }

  @Override
  public List<AllocationSeen> allocations(
      Target target, String jobId, long generation, String port) {
    return allocations.canaries(target, jobId, generation, port);
  }

  @Override
  public List<AllocationSeen> canaries(
      Target target, String jobId, Stamps.Role role, long generation) {
    return allocations.canaries(target, jobId, role, generation);
  }

  @Override
  public List<AllocationSeen> allocations(Target target, String jobId, String port) {
    return allocations.all(target, jobId, port);
  }

  @Override
  public Set<String> allocationIds(Target target, String jobId, long version) {
    return allocations.of(target, jobId, version).stream()
        .map(AllocationListStub::getId)
        .collect(Collectors.toSet());
  }

  /**
   * Allocations are read before deployments: a deployment begins together with them. What it failed
   * of may have come between the two reads.
   */
  @Override
  public Rollout rollout(Target target, String jobId, long version) {
    var ofVersion = allocations.of(target, jobId, version);
    var deployments =
        nomad
            .find(
                "deployments of job " + jobId,
                sdk -> sdk.getJobsApi().deployments(jobId, query(target)).getValue())
            .orElse(List.of());
    return Rollouts.latest(deployments, version)
        .map(
            it ->
                Rollouts.of(
                    it,
                    Rollouts.hasFailed(it) ? allocations.of(target, jobId, version) : ofVersion))
        .orElseGet(() -> withoutDeployment(target, jobId, AllocationReader.running(ofVersion)));
  }

  private Rollout withoutDeployment(Target target, String jobId, long running) {
    return nomad
        .find("job " + jobId, sdk -> sdk.getJobsApi().info(jobId, query(target)).getValue())
        .map(job -> Rollouts.of(job, running))
        .orElseGet(
            () ->
                new Rollout.Failed(
                    "Nomad does not know job " + jobId + " any more", Rollout.Cause.OVERTAKEN));
  }

  @Override
  public Optional<String> placementProblem(Target target, String jobId) {
    return nomad
        .find(
            "evaluations of job " + jobId,
            sdk -> sdk.getJobsApi().evaluations(jobId, query(target)).getValue())
        .flatMap(PlacementProblem::of);
  }

  @Override
  public boolean promote(Target target, String deploymentId) {
    return change(
        "promote deployment " + deploymentId,
        sdk -> sdk.getDeploymentsApi().promoteAll(deploymentId, write(target)));
  }

  @Override
  public boolean fail(Target target, String deploymentId) {
    return change(
        "fail deployment " + deploymentId,
        sdk -> sdk.getDeploymentsApi().fail(deploymentId, write(target)));
  }

  private static WriteOptions write(Target target) {
    return new WriteOptions(target.region().orElse(null)).setNamespace(target.namespace());
  }

  /** Of a deployment; false where it is not in a state for it. */
  private boolean change(String request, NomadConnection.SdkCall<?> change) {
    try {
      return nomad.find(request, change).isPresent();
    } catch (PortFailure refused) {
      if (isNotInThatState(refused.getMessage())) {
        return false;
      }
      throw refused;
    }
  }

  private static boolean isNotInThatState(String sentence) {
    return sentence.contains("terminal deployment")
        || sentence.contains("no canaries to promote")
        || (sentence.contains("Task group") && sentence.contains("healthy"));
  }

  @Override
  public Plan plan(Target target, JobDocument job) {
    var request = "plan job " + job.id();
    var address = nomad.address("/v1/job/" + job.id() + "/plan", target);
    var answer = nomad.put(address, "{\"Diff\":true,\"Job\":%s}".formatted(job.json()));
    if (answer.status() != 200) {
      throw nomad.failure(request, answer.status(), answer.body());
    }
    try {
      return Plans.of(JobPlanResponse.fromJson(answer.body()));
    } catch (IOException e) {
      throw nomad.noAnswer(request, e);
    }
  }

  @Override
  public List<String> regions() {
    var address = nomad.address("/v1/regions", new Target("default", Optional.empty()));
    var answer = success("regions", nomad.get(address));
    var regions = new ArrayList<String>();
    answer.forEach(region -> regions.add(region.asText()));
    if (!answer.isArray() || regions.isEmpty()) {
      throw nomad.noAnswer("regions", new IOException("the answer is no list of regions"));
    }
    return regions;
  }

  @Override
  public List<StampedJob> stampedJobs(List<String> namespaces, Optional<String> region) {
    var jobs = new ArrayList<StampedJob>();
    for (var namespace : namespaces) {
      var address = nomad.address("/v1/jobs", new Target(namespace, region));
      var answer = success("jobs", nomad.get(address.setParameter("meta", "true")));
      if (!answer.isArray()) {
        throw nomad.noAnswer("jobs", new IOException("the answer is no list of jobs"));
      }
      for (var job : answer) {
        var meta = new HashMap<String, String>();
        job.path("Meta").properties().forEach(it -> meta.put(it.getKey(), it.getValue().asText()));
        if (meta.containsKey(Stamps.OWNER)) {
          var target = new Target(job.path("Namespace").asText(namespace), region);
          jobs.add(
              new StampedJob(target, job.path("ID").asText(), job.path("Stop").asBoolean(), meta));
        }
      }
    }
    return jobs;
  }

  @Override
  public void followEvents(String namespace, Consumer<String> onJob, Duration atMost) {
    events.follow(namespace, onJob, atMost);
  }

  @Override
  public Server server() {
    return nomad.server();
  }

  @Override
  public void ping() {
    var address = nomad.address("/v1/status/leader", new Target("default", Optional.empty()));
    if (success("leader", nomad.get(address)).asText().isEmpty()) {
      throw nomad.noAnswer("leader", new IOException("the servers have none"));
    }
  }

  private JsonNode success(String request, NomadConnection.Answer answer) {
    if (answer.status() != 200) {
      throw nomad.failure(request, answer.status(), answer.body());
    }
    try {
      return json.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw nomad.noAnswer(request, e);
    }
  }

  /** Reads of the leader's own state: never stale. */
  static <T> QueryOptions<T> query(Target target) {
    return new QueryOptions<T>()
        .setNamespace(target.namespace())
        .setRegion(target.region().orElse(null))
        .setAllowStale(false);
  }

  @Override
  public void close() throws IOException {
    nomad.close();
  }
}
