package io.canaryrun.fake;

import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Server;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nomad with one client: registrations are there at once, what follows from them is not. The
 * scheduler makes its rounds on a fixed beat of the clock, whoever looks and whenever.
 */
public final class FakeNomad implements Cluster {
  private static final Duration ROUND = Duration.ofMillis(100);
  private static final Pattern EMPTY_JOB = Pattern.compile("job \"([^\"]+)\" \\{}");
  private static final String ADDRESS = "http://nomad:4646";
  private static final String USER = "user";
  private static final String PROGRAM = "canary";
  private static final String NOMAD = "nomad";

  private final InstantSource time;
  private final Function<JobDocument, Behaviour> behaviour;
  private final Map<String, FakeJob> jobs = new TreeMap<>();
  private final List<Registration> registrations = new ArrayList<>();
  private final List<Promoted> promotions = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final IdentityHashMap<Consumer<String>, Integer> followed = new IdentityHashMap<>();

  /** A person who edits a job leaves its stamps as they are. */
  private final Set<FakeVersion> userVersions = Collections.newSetFromMap(new IdentityHashMap<>());

  private final IdentityHashMap<FakeAllocation, Shown> shown = new IdentityHashMap<>();
  private Instant nextRound;
  private long index = 20;
  private int allocations;
  private boolean down;
  private final List<String> regions = new ArrayList<>(List.of("global"));
  private final Set<String> lostRegions = new HashSet<>();
  private boolean denying;
  private String version = "1.11.3";
  private Duration clockAhead = Duration.ZERO;

  /**
   * A registration that was asked for.
   *
   * @param who {@code user}, {@code canary}, or {@code nomad} for what it reverts itself
   * @param modifyIndex of the job after it
   * @param accepted false: another index was expected
   */
  public record Registration(
      Instant at,
      String who,
      String jobId,
      JobDocument document,
      long modifyIndex,
      boolean accepted) {}

  /**
   * Canaries of a deployment that were promoted.
   *
   * @param generation that registered them; 0: none did
   */
  public record Promoted(Instant at, String who, long generation) {}

  /**
   * An allocation that runs, or that Consul still takes for one that does.
   *
   * @param generation that registered its version; 0: none did
   * @param processStartedAt of its present process; its placement before there is one
   * @param servedFor how long its present process has been in rotation
   */
  public record LiveAllocation(
      String id, String jobId, long generation, Instant processStartedAt, Duration servedFor) {}

  /**
   * @param behaviour of the allocations of each job
   * @param consul where services are registered
   */
  public FakeNomad(
      InstantSource time, Function<JobDocument, Behaviour> behaviour, FakeConsul consul) {
    this.time = time;
    this.behaviour = behaviour;
    this.nextRound = time.instant().plus(ROUND);
    consul.register(() -> allocations().flatMap(it -> it.allocation.instances(time.instant())));
  }

  // What a test does and looks at.

  /** Registers a job, whatever is there. */
  public void userRegister(JobDocument job) {
    catchUp();
    register(USER, job, Map.of());
  }

  /** Stops a job, where it is there. */
  public void userStop(String jobId) {
    catchUp();
    Optional.ofNullable(jobs.get(jobId))
        .ifPresent(job -> register(USER, job.present().changed(true), Map.of()));
  }

  /** Refused, that is nothing happens, while the job is being deployed. */
  public void userScale(String jobId, String group, int count) {
    catchUp();
    var job = jobs.get(jobId);
    if (job.isSettled()) {
      register(USER, job.present().changed(false), Map.of(group, count));
    }
  }

  /** Registers what is there with another text in place of one, where the job is there. */
  public void userEdits(String jobId, String from, String to) {
    catchUp();
    Optional.ofNullable(jobs.get(jobId))
        .map(job -> job.present().changed(false))
        .ifPresent(
            job ->
                register(USER, new JobDocument(job.id(), job.json().replace(from, to)), Map.of()));
  }

  /** Drains the node of the newest allocation of a job, where there is one. */
  public void userDrains(String jobId) {
    newest(jobId).ifPresent(allocation -> allocation.stop(time.instant()));
  }

  /** The client of the newest allocation of a job is lost, where there is one. */
  public void loseClient(String jobId) {
    newest(jobId).ifPresent(allocation -> allocation.lose(time.instant()));
  }

  private Optional<FakeAllocation> newest(String jobId) {
    catchUp();
    return Optional.ofNullable(jobs.get(jobId)).stream()
        .flatMap(job -> job.allocations().stream())
        .filter(FakeAllocation::isToRun)
        .reduce((_, last) -> last);
  }

  /** Promotes the canaries of a job's deployment, where there are any. */
  public void userPromotes(String jobId) {
    catchUp();
    jobs.get(jobId).presentRollout().unpromoted().ifPresent(id -> promote(USER, id));
  }

  /** Fails a job's deployment, where it has unpromoted canaries. */
  public void userFails(String jobId) {
    catchUp();
    jobs.get(jobId).presentRollout().unpromoted().ifPresent(this::fail);
  }

  /** From now on, nothing that follows promoted canaries becomes healthy. */
  public void failAfterPromotion(String jobId) {
    jobs.get(jobId).failAfterPromotion();
  }

  /** From now on, programs that were never rolled out do not become healthy. */
  public void failRollouts(String jobId) {
    jobs.get(jobId).failNewPrograms();
  }

  /** Nobody is answered until {@link #comeBack}; what runs goes on. */
  public void goDown() {
    down = true;
  }

  public void comeBack() {
    down = false;
  }

  /** From now on the program's token may only read, or write again. */
  public void deny(boolean writes) {
    denying = writes;
  }

  private void refuseDenied(String request) {
    if (denying) {
      throw new PortFailure.Denied(request + ": the token (fake) has no permission");
    }
  }

  /** What its agent tells of itself from now on. */
  public void shows(String newVersion, Duration ahead) {
    version = newVersion;
    clockAhead = ahead;
  }

  /** All that were asked for, oldest first. */
  public List<Registration> registrations() {
    return registrations;
  }

  /** A job as it is registered now, down or not. */
  public JobDocument present(String jobId) {
    return jobs.get(jobId).present().document();
  }

  /** The deployments that were promoted, oldest first. */
  public List<Promoted> promotions() {
    return promotions;
  }

  public List<LiveAllocation> liveAllocations() {
    return liveAt(time.instant());
  }

  /** What was left at that time, which may be past. */
  public List<LiveAllocation> liveAt(Instant at) {
    return allocations()
        .filter(it -> it.allocation.isLeft(at))
        .map(it -> live(it.jobId, it.allocation, at))
        .toList();
  }

  /** How an allocation was shown last. */
  private record Shown(State state, Optional<Instant> since, boolean healthy) {}

  private record Owned(String jobId, FakeAllocation allocation) {}

  private Stream<Owned> allocations() {
    catchUp();
    return jobs.entrySet().stream()
        .flatMap(
            job -> job.getValue().allocations().stream().map(it -> new Owned(job.getKey(), it)));
  }

  private LiveAllocation live(String jobId, FakeAllocation allocation, Instant at) {
    return new LiveAllocation(
        allocation.id,
        jobId,
        userVersions.contains(allocation.version())
            ? 0
            : allocation.version().generation().orElse(0L),
        allocation.at(at).since().orElse(Instant.MIN),
        allocation.servedFor(at));
  }

  /** Whose process answers now. */
  Optional<LiveAllocation> answering(String allocationId) {
    var now = time.instant();
    return allocations()
        .filter(it -> it.allocation.id.equals(allocationId))
        .filter(it -> it.allocation.at(now).state() == AllocationSeen.State.RUNNING)
        .map(it -> live(it.jobId, it.allocation, now))
        .findFirst();
  }

  // The scheduler.

  private void catchUp() {
    for (; !nextRound.isAfter(time.instant()); nextRound = nextRound.plus(ROUND)) {
      jobs.forEach(this::round);
      List.copyOf(jobs.values()).forEach(this::revert);
    }
  }

  private void round(String jobId, FakeJob job) {
    job.schedule(nextRound);
    for (var allocation : job.allocations()) {
      var doing = allocation.shownAt(nextRound);
      var news = new Shown(doing.state(), doing.since(), allocation.isHealthy(nextRound));
      if (!news.equals(shown.put(allocation, news))) {
        events.add(jobId);
      }
    }
  }

  private FakeNomad up(Target target) {
    if (down) {
      throw new PortFailure.Unavailable("Nomad did not answer", null);
    }
    if (!target.namespace().equals("default")) {
      throw new PortFailure.Rejected("nonexistent namespace " + target.namespace());
    }
    catchUp();
    return this;
  }

  private void register(String who, JobDocument job, Map<String, Integer> counts) {
    var known = Optional.ofNullable(jobs.get(job.id()));
    long number = known.map(it -> it.present().number() + 1).orElse(0L);
    var next = FakeVersion.of(job, counts, number, index + 1, time.instant());
    refuseInvalid("register", next);
    if (known.filter(it -> it.present().isSame(next)).isEmpty()) {
      index++;
      known.orElseGet(() -> newJob(job.id())).add(next);
      if (who.equals(USER)) {
        userVersions.add(next);
      }
      events.add(job.id());
    }
    registrations.add(
        new Registration(
            time.instant(), who, job.id(), job, jobs.get(job.id()).present().modifyIndex(), true));
  }

  private static void refuseInvalid(String request, FakeVersion version) {
    version
        .invalid()
        .ifPresent(
            why -> {
              throw new PortFailure.Rejected(
                  "%s job %s: %s".formatted(request, version.document().id(), why));
            });
  }

  private boolean promote(String who, String deploymentId) {
    var promoted =
        jobs.values().stream()
            .filter(job -> job.promote(deploymentId, time.instant()))
            .map(FakeJob::present)
            .findFirst();
    promoted.ifPresent(
        version ->
            promotions.add(new Promoted(time.instant(), who, version.generation().orElse(0L))));
    return promoted.isPresent();
  }

  private boolean fail(String deploymentId) {
    var failed =
        jobs.values().stream()
            .filter(job -> job.fail(deploymentId, Rollout.Cause.STOPPED))
            .findFirst();
    failed.ifPresent(this::revert);
    return failed.isPresent();
  }

  /** What {@code auto_revert} does, together with what made the deployment fail. */
  private void revert(FakeJob job) {
    job.toRevert().ifPresent(document -> register(NOMAD, document, job.present().counts()));
  }

  private FakeJob newJob(String jobId) {
    var job =
        new FakeJob(jobId, version -> behaviour.apply(version.document()), () -> ++allocations);
    jobs.put(jobId, job);
    return job;
  }

  // The port.

  @Override
  public JobDocument parse(Target target, String hcl, Map<String, String> variables) {
    var empty = EMPTY_JOB.matcher(hcl);
    if (up(target) != this || !empty.matches()) {
      throw new PortFailure.Rejected("parse HCL: nobody can do that here");
    }
    return new JobDocument(empty.group(1), "{\"ID\":\"%s\"}".formatted(empty.group(1)));
  }

  private Optional<FakeJob> known(Target target, String jobId) {
    return Optional.ofNullable(up(target).jobs.get(jobId));
  }

  @Override
  public Optional<JobSeen> job(Target target, String jobId) {
    return known(target, jobId).map(job -> job.present().seen());
  }

  @Override
  public SortedMap<Long, Map<String, String>> versions(Target target, String jobId) {
    var versions = new TreeMap<Long, Map<String, String>>();
    known(target, jobId).stream()
        .flatMap(job -> job.versions().stream())
        .forEach(version -> versions.put(version.number(), version.meta()));
    return versions;
  }

  @Override
  public boolean register(Target target, JobDocument job, long over, boolean preserveCounts) {
    var known = known(target, job.id());
    refuseDenied("register job " + job.id());
    long present = known.map(it -> it.present().modifyIndex()).orElse(0L);
    if (present != over) {
      registrations.add(new Registration(time.instant(), PROGRAM, job.id(), job, present, false));
      return false;
    }
    register(
        PROGRAM,
        job,
        preserveCounts ? known.map(it -> it.present().counts()).orElse(Map.of()) : Map.of());
    return true;
  }

  @Override
  public List<AllocationSeen> allocations(
      Target target, String jobId, long generation, String port) {
    return allocations(
        target, jobId, port, it -> it.version().generation().equals(Optional.of(generation)));
  }

  @Override
  public List<AllocationSeen> allocations(Target target, String jobId, String port) {
    return allocations(target, jobId, port, _ -> true);
  }

  private List<AllocationSeen> allocations(
      Target target, String jobId, String port, Predicate<FakeAllocation> which) {
    return known(target, jobId).stream()
        .flatMap(job -> job.allocations().stream())
        .filter(which)
        .filter(it -> it.version().hasPort(port))
        .map(it -> it.seen(time.instant()))
        .toList();
  }

  @Override
  public List<AllocationSeen> canaries(
      Target target, String jobId, Stamps.Role role, long generation) {
    return known(target, jobId).stream()
        .flatMap(
            job ->
                job.allocations().stream()
                    .filter(it -> role == Stamps.Role.CANARY || job.isUnpromoted(it.version())))
        .filter(it -> it.version().generation().equals(Optional.of(generation)))
        .map(it -> it.seen(time.instant()))
        .toList();
  }

  @Override
  public Set<String> allocationIds(Target target, String jobId, long version) {
    return known(target, jobId).stream()
        .flatMap(job -> job.allocations().stream())
        .filter(it -> it.version().number() == version)
        .map(it -> it.id)
        .collect(Collectors.toSet());
  }

  @Override
  public Rollout rollout(Target target, String jobId, long version) {
    return known(target, jobId)
        .map(job -> job.rollout(version))
        .orElseGet(
            () ->
                new Rollout.Failed(
                    "Nomad does not know job " + jobId + " any more", Rollout.Cause.OVERTAKEN));
  }

  @Override
  public Optional<String> placementProblem(Target target, String jobId) {
    return known(target, jobId).map(FakeJob::present).flatMap(FakeNomad::placementProblem);
  }

  private static Optional<String> placementProblem(FakeVersion version) {
    return version
        .unmetConstraint()
        .map(
            why ->
                "group %s: cannot be placed: %s"
                    .formatted(version.counts().keySet().iterator().next(), why));
  }

  @Override
  public boolean promote(Target target, String deploymentId) {
    up(target).refuseDenied("promote deployment " + deploymentId);
    return promote(PROGRAM, deploymentId);
  }

  @Override
  public boolean fail(Target target, String deploymentId) {
    up(target).refuseDenied("fail deployment " + deploymentId);
    return fail(deploymentId);
  }

  @Override
  public Plan plan(Target target, JobDocument job) {
    var present = known(target, job.id()).map(FakeJob::present);
    var next = FakeVersion.of(job, Map.of(), 0, 0, time.instant());
    refuseInvalid("plan", next);
    var updates = new TreeMap<String, Plan.Updates>();
    next.counts()
        .forEach((group, count) -> updates.put(group, next.updates(present, group, count)));
    return new Plan(next.differsFrom(present), updates, placementProblem(next), List.of());
  }

  @Override
  public List<String> regions() {
    var _ = server();
    return List.copyOf(regions);
  }

  /** A region that is told before the others, with the same jobs, as far as anybody looks. */
  public void addRegion(String region) {
    regions.addFirst(region);
  }

  /** The servers of that region cannot be reached. */
  public void loseRegion(String region) {
    lostRegions.add(region);
  }

  @Override
  public List<StampedJob> stampedJobs(List<String> namespaces, Optional<String> region) {
    if (region.filter(lostRegions::contains).isPresent()) {
      throw new PortFailure.Unavailable("No path to region", null);
    }
    var target = new Target("default", region);
    return up(target).jobs.entrySet().stream()
        .filter(job -> job.getValue().present().meta().containsKey(Stamps.OWNER))
        .map(job -> stamped(target, job.getKey(), job.getValue().present()))
        .toList();
  }

  private static StampedJob stamped(Target target, String jobId, FakeVersion version) {
    return new StampedJob(target, jobId, version.stopped(), version.meta());
  }

  /** Tells what happened since this consumer was told last, and returns. */
  @Override
  public void followEvents(String namespace, Consumer<String> onJob, Duration atMost) {
    var _ = up(new Target("default", Optional.empty()));
    int from = followed.getOrDefault(onJob, events.size());
    followed.put(onJob, events.size());
    events.subList(from, events.size()).stream().distinct().forEach(onJob);
  }

  @Override
  public Server server() {
    var _ = up(new Target("default", Optional.empty()));
    return new Server(ADDRESS, Optional.of(version), time.instant().plus(clockAhead));
  }

  @Override
  public void ping() {
    var _ = server();
  }
}
