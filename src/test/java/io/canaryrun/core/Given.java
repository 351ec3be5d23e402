package io.canaryrun.core;

import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Remains;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.spec.Analysis;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.core.spec.Deadlines;
import io.canaryrun.core.spec.Health;
import io.canaryrun.core.spec.JobChanges;
import io.canaryrun.core.spec.JobSource;
import io.canaryrun.core.spec.Metadata;
import io.canaryrun.core.spec.Promotion;
import io.canaryrun.core.spec.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values that tests of the core begin with. */
public final class Given {
  public static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  public static final Instant PROCESS_START = NOW.minusSeconds(60);
  public static final Instant LATER = NOW.plusSeconds(600);
  public static final long GENERATION = 7;
  public static final String DIGEST = "sha256:7";
  public static final Duration UNREACHABLE_FOR = Duration.ofSeconds(10);

  /** What Nomad tells of a task that runs. */
  public static final TaskEvent STARTED =
      new TaskEvent(PROCESS_START, "server", "Started", "Task started by client");

  private Given() {}

  /** 1,000 requests without an error, two canaries, production is deployed. */
  public static CanaryRun run() {
    return run(Promotion.Mode.DEPLOY, 0);
  }

  public static CanaryRun run(Promotion.Mode promote, long maxErrors) {
    return run(promote, Promotion.Approval.AUTOMATIC, maxErrors);
  }

  public static CanaryRun run(Promotion.Mode promote, Promotion.Approval approval, long maxErrors) {
    return new CanaryRun(
        new Metadata("api", Map.of(), Map.of()),
        new Target("default", Optional.empty()),
        Optional.of(new JobSource.NomadJob("api", JobChanges.NONE)),
        new CanaryJobSpec(CanaryJobSpec.Mode.JOB, 2, "-canary", Optional.empty()),
        new Health(Duration.ofMinutes(5), Duration.ofSeconds(10), 0),
        new Counters(
            "http",
            "/count",
            "/errorCount",
            "/requestCount",
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            UNREACHABLE_FOR),
        new Analysis(1_000, maxErrors, 1e-4),
        new Promotion(promote, approval, List.of()),
        new Deadlines(Duration.ofMinutes(30), Duration.ofHours(24), Duration.ofMinutes(15)));
  }

  public static Generation generation() {
    return generation(run());
  }

  public static Generation generation(CanaryRun run) {
    var deploys = run.promotion().mode() == Promotion.Mode.DEPLOY;
    return new Generation(
        "api",
        GENERATION,
        DIGEST,
        "{}",
        run,
        new JobDocument("api-canary", "{}"),
        2,
        List.of("api-canary"),
        deploys ? Optional.of(new JobDocument("api", "{}")) : Optional.empty(),
        deploys
            ? Optional.of(new Generation.Production(new JobDocument("api", "{}"), 40, 3))
            : Optional.empty());
  }

  /** The same in mode {@code deployment}. */
  public static Generation deployment() {
    var run = run();
    var canary = new CanaryJobSpec(CanaryJobSpec.Mode.DEPLOYMENT, 2, "-canary", Optional.empty());
    var job = new JobDocument("api", "{}");
    return new Generation(
        "api",
        GENERATION,
        DIGEST,
        "{}",
        new CanaryRun(
            run.metadata(),
            run.nomad(),
            run.job(),
            canary,
            run.health(),
            run.counters(),
            run.analysis(),
            run.promotion(),
            run.deadlines()),
        job,
        2,
        List.of("api"),
        Optional.of(job),
        Optional.of(new Generation.Production(job, 40, 3)));
  }

  /** Production as it was again, after the generation's version was not healthy. */
  public static ProductionSeen reverted(Rollout rollout) {
    return reverted(rollout, Rollout.Cause.UNHEALTHY);
  }

  public static ProductionSeen reverted(Rollout rollout, Rollout.Cause cause) {
    return new ProductionSeen.Reverted(71, 5, rollout, new Rollout.Failed("gave up", cause));
  }

  public static AllocationSeen allocation(String id) {
    return allocation(id, State.RUNNING, 0, Optional.empty());
  }

  public static AllocationSeen gone(String id) {
    return allocation(id, State.COMPLETE, 0, Optional.empty());
  }

  public static AllocationSeen unhealthy(String id) {
    return allocation(id).withFailingCheck("503");
  }

  public static AllocationSeen restarted(String id) {
    return allocation(id, State.RUNNING, 1, Optional.of("task server: Exit Code: 1"));
  }

  private static AllocationSeen allocation(
      String id, State state, int restarts, Optional<String> problem) {
    return new AllocationSeen(
        id,
        "node-1",
        Optional.of("127.0.0.1:2000"),
        Optional.of(PROCESS_START),
        state != State.RUNNING,
        state,
        restarts,
        state == State.RUNNING,
        problem,
        List.of(STARTED));
  }

  public static Reading reading(String id, Instant at, long requests, long errors) {
    return new Reading(id, PROCESS_START, at, new Reading.Counted(requests, errors));
  }

  public static Reading failure(String id, Instant at) {
    return new Reading(id, PROCESS_START, at, new Reading.Failed("no answer"));
  }

  /** Two healthy canaries that were read just now, with that many requests and errors together. */
  public static Ledger counted(long requests, long errors) {
    return Ledger.EMPTY
        .seen(List.of(allocation("a"), allocation("b")))
        .read(reading("a", NOW, requests - requests / 2, errors))
        .read(reading("b", NOW, requests / 2, 0));
  }

  /** A pass that sees a run as it should be; a test changes what it is about. */
  public static Pass pass() {
    return new Pass();
  }

  /** Builds an observation. */
  public static final class Pass {
    private Optional<Generation> generation = Optional.of(Given.generation());
    private Seen<DefinitionSeen> definition =
        Seen.of(new DefinitionSeen.Present(GENERATION, DIGEST));
    private Seen<Preparation> preparation = unknown();
    private Seen<CanaryJobSeen> canaryJob = Seen.of(new CanaryJobSeen.Ours(50));
    private Seen<ProductionSeen> production =
        Seen.of(new ProductionSeen.AsFrozen(40, 3, new Rollout.Successful()));
    private Seen<List<AllocationSeen>> allocations =
        Seen.of(List.of(allocation("a"), allocation("b")));
    private Seen<Integer> instances = Seen.of(2);
    private Ledger ledger = counted(500, 0);
    private Seen<Optional<String>> placement = unknown();
    private Seen<Optional<String>> claim = Seen.of(Optional.empty());
    private Optional<String> refusal = Optional.empty();
    private Optional<String> abort = Optional.empty();
    private Seen<List<Command>> commands = Seen.of(List.of());
    private Seen<Remains> remains = unknown();

    private static <T> Seen<T> unknown() {
      return new Seen.Unknown<>("no answer");
    }

    public Pass of(Generation value) {
      generation = Optional.of(value);
      return this;
    }

    public Pass definition(DefinitionSeen value) {
      definition = Seen.of(value);
      return this;
    }

    public Pass definitionUnknown() {
      definition = unknown();
      return this;
    }

    public Pass preparation(Preparation value) {
      generation = Optional.empty();
      preparation = Seen.of(value);
      return this;
    }

    public Pass canaryJob(CanaryJobSeen value) {
      canaryJob = Seen.of(value);
      return this;
    }

    public Pass canaryJobUnknown() {
      canaryJob = unknown();
      return this;
    }

    public Pass production(ProductionSeen value) {
      production = Seen.of(value);
      return this;
    }

    public Pass productionUnknown() {
      production = unknown();
      return this;
    }

    public Pass allocations(AllocationSeen... value) {
      allocations = Seen.of(List.of(value));
      ledger = ledger.seen(List.of(value));
      return this;
    }

    public Pass allocationsUnknown() {
      allocations = unknown();
      return this;
    }

    public Pass instances(int value) {
      instances = Seen.of(value);
      return this;
    }

    public Pass instancesUnknown() {
      instances = unknown();
      return this;
    }

    public Pass ledger(Ledger value) {
      ledger = value;
      return this;
    }

    public Pass placement(String problem) {
      placement = Seen.of(Optional.of(problem));
      return this;
    }

    public Pass claimed(String why) {
      claim = Seen.of(Optional.of(why));
      return this;
    }

    public Pass claimUnknown() {
      claim = unknown();
      return this;
    }

    public Pass refused(String why) {
      refusal = Optional.of(why);
      return this;
    }

    public Pass abortAsked(String why) {
      abort = Optional.of(why);
      return this;
    }

    public Pass commands(Command... value) {
      commands = Seen.of(List.of(value));
      return this;
    }

    /** The frozen generation is lost. */
    public Pass remains(Remains value) {
      remains = Seen.of(value);
      return remainsUnknown();
    }

    public Pass remainsUnknown() {
      generation = Optional.empty();
      return this;
    }

    /** Everything is gone. */
    public Pass cleanedUp() {
      return canaryJob(new CanaryJobSeen.Stopped(60, Optional.of("ErrorsExceeded")))
          .allocations(gone("a"), gone("b"))
          .instances(0);
    }

    public Observation at(Instant now) {
      return new Observation(
          now,
          generation,
          definition,
          preparation,
          canaryJob,
          production,
          allocations,
          instances,
          ledger,
          placement,
          claim,
          refusal,
          abort,
          commands,
          remains);
    }

    public Observation now() {
      return at(NOW);
    }
  }

  /** Reads that fail from then on, each second, until {@link #NOW}. */
  public static Ledger failingSince(Instant since) {
    var readings = new ArrayList<Reading>();
    for (var at = since; !at.isAfter(NOW); at = at.plusSeconds(1)) {
      readings.add(failure("a", at));
    }
    var ledger = counted(500, 0);
    for (var failed : readings) {
      ledger = ledger.read(failed);
    }
    return ledger;
  }
}
