package io.canaryrun.simulation;

import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.analysis.Reading.Result;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.fake.Behaviour;
import io.canaryrun.fake.FakeNomad.LiveAllocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a simulated world is like.
 *
 * @param outcomes that are right, whatever crashes
 * @param canary the behaviour of the canary's allocations
 * @param counters of a canary, a time after its process started
 * @param plan what happens from outside
 * @param production as it is when the run begins
 */
record Scenario(
    String name,
    String definition,
    Set<Reason> outcomes,
    UnaryOperator<Behaviour> canary,
    BiFunction<LiveAllocation, Duration, Result> counters,
    Consumer<World> plan,
    JobDocument production) {

  private static final long REQUESTS_PER_SECOND = 500;
  private static final int BUDGET = 2;

  static final Scenario GOOD =
      new Scenario(
          "good release",
          usualDefinition(),
          Set.of(Reason.GOAL_REACHED),
          usual -> usual,
          (canary, _) -> clean(canary),
          _ -> {},
          production("api:41", false));

  static final Scenario BAD =
      GOOD.named("bad release")
          .with((canary, age) -> failing(canary, age, Duration.ofMillis(6_300)))
          .ending(Reason.ERRORS_EXCEEDED);

  static final Scenario NEVER_HEALTHY =
      GOOD.named("never healthy").with(Behaviour::neverHealthy).ending(Reason.CANARY_UNHEALTHY);

  /** A daemon that sees only what they fell to has no reason to complain, and no evidence. */
  static final Scenario RESET =
      GOOD.named("counters that fall")
          .with((canary, age) -> age.toMillis() < 7_000 ? clean(canary) : new Counted(1, 0))
          .ending(Reason.COUNTERS_INCONSISTENT, Reason.DEADLINE_EXCEEDED);

  static final Scenario CRASH_OF_A_CANARY =
      GOOD.named("crash of a canary")
          .with((Behaviour usual) -> usual.crashingAt(Duration.ofMillis(6_500)))
          .ending(Reason.CANARY_RESTARTED);

  /**
   * Two errors are within the budget, and each process of each canary shows one. The requests asked
   * for take so many processes that more errors are counted than that, whoever does not look at
   * some.
   */
  static final Scenario ERRORS_OF_EACH_LIFE =
      GOOD.named("an error of each process")
          .defined(
              text ->
                  text.replace("\"requests\":10000", "\"requests\":30000,\"maxErrors\":" + BUDGET)
                      .replace("\"stableFor\":\"3s\"", "\"stableFor\":\"1s\",\"maxRestarts\":100"))
          .with((Behaviour usual) -> usual.crashingAt(Duration.ofMillis(6_500)))
          .with((canary, age) -> failing(canary, age, Duration.ofSeconds(4)))
          .ending(Reason.ERRORS_EXCEEDED);

  static final Scenario UNREACHABLE =
      GOOD.named("unreachable counters")
          .with((_, _) -> new Failed("connection refused"))
          .ending(Reason.COUNTERS_UNREACHABLE);

  static final Scenario NO_TRAFFIC =
      GOOD.named("no traffic").with((_, _) -> new Counted(0, 0)).ending(Reason.DEADLINE_EXCEEDED);

  static final Scenario SUPERSEDED =
      GOOD.named("superseded")
          .planned(
              world ->
                  world.at(
                      Duration.ofSeconds(7),
                      () -> world.redefine(text -> text.replace("\"3s\"", "\"4s\""))))
          .ending(Reason.GOAL_REACHED);

  static final Scenario DELETED =
      GOOD.named("deleted")
          .planned(
              world -> world.at(Duration.ofSeconds(7), () -> world.consul.userDeletes(World.RUN)))
          .ending(Reason.DEFINITION_DELETED);

  /** A crash may come before there is anything to stop. */
  static final Scenario STOPPED_BY_A_PERSON =
      GOOD.named("stopped by a person")
          .planned(
              world -> world.at(Duration.ofSeconds(7), () -> world.nomad.userStop("api-canary")))
          .ending(Reason.CANARY_STOPPED, Reason.GOAL_REACHED);

  static final Scenario SCALED =
      GOOD.named("production scaled")
          .planned(
              world ->
                  world.at(Duration.ofSeconds(7), () -> world.nomad.userScale("api", "web", 3)));

  static final Scenario NOMAD_OUTAGE =
      GOOD.named("Nomad does not answer")
          .planned(
              world -> {
                world.at(Duration.ofSeconds(6), world.nomad::goDown);
                world.at(Duration.ofSeconds(12), world.nomad::comeBack);
              });

  static final Scenario CONSUL_OUTAGE =
      GOOD.named("Consul does not answer")
          .planned(
              world -> {
                world.at(Duration.ofSeconds(6), world.consul::goDown);
                world.at(Duration.ofSeconds(12), world.consul::comeBack);
              });

  static final Scenario ROLLOUT_FAILS =
      GOOD.named("rollout fails")
          .planned(world -> world.nomad.failRollouts("api"))
          .ending(Reason.PRODUCTION_DEPLOY_FAILED);

  /** After a crash, the verdict may come later than the command. */
  static final Scenario APPROVED =
      GOOD.named("approved by a person")
          .with("\"approval\":\"manual\"")
          .planned(world -> world.at(Duration.ofSeconds(25), () -> world.ask("promote")))
          .ending(Reason.GOAL_REACHED, Reason.PROMOTED_BY_PERSON);

  static final Scenario NOT_APPROVED =
      GOOD.named("not approved")
          .with("\"approval\":\"manual\",\"approvalDeadline\":\"10s\"")
          .ending(Reason.APPROVAL_DEADLINE_EXCEEDED);

  static final Scenario BAD_BEFORE_APPROVAL =
      GOOD.named("bad before approval")
          .with("\"approval\":\"manual\"")
          .with((canary, age) -> failing(canary, age, Duration.ofSeconds(18)))
          .ending(Reason.ERRORS_EXCEEDED);

  /** A crash may delay it past the verdict, or the command past the end of the run. */
  static final Scenario PROMOTED_EARLY =
      GOOD.named("promoted before the verdict")
          .planned(world -> world.at(Duration.ofSeconds(9), () -> world.ask("promote")))
          .ending(Reason.PROMOTED_BY_PERSON, Reason.GOAL_REACHED);

  static final Scenario ABORTED =
      GOOD.named("aborted by a person")
          .planned(world -> world.at(Duration.ofSeconds(7), () -> world.ask("abort")))
          .ending(Reason.ABORTED_BY_PERSON);

  static final Scenario PAUSED =
      GOOD.named("paused and resumed")
          .planned(
              world -> {
                world.at(Duration.ofSeconds(7), () -> world.ask("pause"));
                world.at(Duration.ofSeconds(20), () -> world.ask("resume"));
              });

  /** A pause does not stop the deadline. */
  static final Scenario PAUSED_FOR_GOOD =
      GOOD.named("paused for good")
          .planned(world -> world.at(Duration.ofSeconds(7), () -> world.ask("pause")))
          .ending(Reason.DEADLINE_EXCEEDED);

  static final Scenario ODD_COMMANDS =
      GOOD.named("commands that make no sense")
          .planned(
              world ->
                  world.at(
                      Duration.ofSeconds(7),
                      () -> {
                        world.consul.userPuts("commands/api/abort", "{\"generation\":3}");
                        world.consul.userPuts("commands/api/promote", "now!");
                        world.consul.userPuts("commands/api/explode", "{}");
                        world.consul.userPuts("commands/nobody/abort", "{\"generation\":3}");
                      }));

  static final Scenario PROMOTED_ELSEWHERE =
      GOOD.named("promoted in Nomad by somebody else")
          .inDeploymentMode()
          .planned(world -> world.at(Duration.ofSeconds(7), () -> world.nomad.userPromotes("api")))
          .ending(Reason.PRODUCTION_CHANGED, Reason.GOAL_REACHED);

  static final Scenario FAILED_ELSEWHERE =
      GOOD.named("failed in Nomad by somebody else")
          .inDeploymentMode()
          .planned(world -> world.at(Duration.ofSeconds(7), () -> world.nomad.userFails("api")))
          .ending(Reason.CANARY_STOPPED, Reason.GOAL_REACHED);

  /** Where the change comes first, it is what the run begins with. */
  static final Scenario PRODUCTION_CHANGED =
      GOOD.named("production changed")
          .inDeploymentMode()
          .planned(
              world ->
                  world.at(
                      Duration.ofSeconds(7),
                      () -> world.nomad.userRegister(production("api:43", false))))
          .ending(Reason.PRODUCTION_CHANGED, Reason.GOAL_REACHED, Reason.JOB_REJECTED);

  static final Scenario REST_FAILS =
      GOOD.named("rest fails after promotion")
          .inDeploymentMode()
          .defined(text -> text.replace("\"count\":2", "\"count\":1"))
          .planned(world -> world.nomad.failAfterPromotion("api"))
          .ending(Reason.PRODUCTION_DEPLOY_FAILED);

  static final Scenario EDITED =
      GOOD.named("canary job edited")
          .planned(
              world ->
                  world.at(
                      Duration.ofSeconds(7),
                      () -> world.nomad.userEdits("api-canary", "api:42", "api:44")))
          .ending(Reason.CANARY_STOPPED, Reason.GOAL_REACHED);

  /** Neither failed nor lost: its successor goes on, and what it counted stays. */
  static final Scenario DRAINED =
      GOOD.named("node of a canary drained")
          .planned(
              world -> world.at(Duration.ofSeconds(7), () -> world.nomad.userDrains("api-canary")));

  static final Scenario LOST =
      GOOD.named("client of a canary lost")
          .planned(
              world -> world.at(Duration.ofSeconds(7), () -> world.nomad.loseClient("api-canary")))
          .ending(Reason.CANARY_RESTARTED, Reason.GOAL_REACHED);

  static final Scenario CANARY_DRAINED =
      DRAINED
          .inDeploymentMode()
          .planned(world -> world.at(Duration.ofSeconds(7), () -> world.nomad.userDrains("api")));

  /** Where the stop comes first, it is what the run begins with. */
  static final Scenario PRODUCTION_STOPPED =
      GOOD.named("production stopped")
          .planned(world -> world.at(Duration.ofSeconds(7), () -> world.nomad.userStop("api")))
          .ending(Reason.PRODUCTION_CHANGED, Reason.JOB_REJECTED);

  static final Scenario PRODUCTION_REVERTED =
      GOOD.named("production reverted by somebody")
          .inDeploymentMode()
          .planned(
              world ->
                  world.at(
                      Duration.ofSeconds(7),
                      () -> world.nomad.userRegister(production("api:41", false))))
          .ending(Reason.PRODUCTION_CHANGED, Reason.GOAL_REACHED, Reason.JOB_REJECTED);

  /** About the same job, with canaries of its own: whoever comes second, gives way. */
  static final Scenario TWO_RUNS =
      GOOD.named("two runs about one job")
          .planned(
              world ->
                  world
                      .consul
                      .presentDefinition(World.RUN)
                      .map(
                          text ->
                              text.replace("\"name\":\"api\"", "\"name\":\"other\"")
                                  .replace("\"count\":2", "\"count\":2,\"suffix\":\"-other\""))
                      .ifPresent(text -> world.consul.userWrites("other", text)))
          .ending(Reason.GOAL_REACHED, Reason.PRODUCTION_CHANGED, Reason.JOB_REJECTED);

  /** Where nothing was frozen yet, nothing was lost. */
  static final Scenario STATUS_REMOVED =
      GOOD.named("status removed by hand")
          .planned(
              world ->
                  world.at(Duration.ofSeconds(7), () -> world.consul.userRemoves("status/api")))
          .ending(Reason.ABORTED_BY_PERSON, Reason.GOAL_REACHED);

  static final Scenario STATUS_OVERWRITTEN =
      GOOD.named("status written over by hand")
          .planned(
              world ->
                  world.at(Duration.ofSeconds(7), () -> world.consul.userPuts("status/api", "?")))
          .ending(Reason.ABORTED_BY_PERSON, Reason.GOAL_REACHED);

  /** As long as it lives, its owner has what was frozen in memory. */
  static final Scenario GENERATION_REMOVED =
      GOOD.named("generation removed by hand")
          .planned(
              world ->
                  world.at(
                      Duration.ofSeconds(7),
                      () ->
                          world
                              .consul
                              .presentKeys("generations/")
                              .forEach(world.consul::userRemoves)))
          .ending(Reason.ABORTED_BY_PERSON, Reason.GOAL_REACHED);

  static Scenario noTrafficFor(String deadline) {
    return NO_TRAFFIC.defined(text -> text.replace("\"40s\"", "\"%s\"".formatted(deadline)));
  }

  static final List<Scenario> ALL =
      List.of(
          GOOD,
          BAD,
          NEVER_HEALTHY,
          RESET,
          CRASH_OF_A_CANARY,
          ERRORS_OF_EACH_LIFE,
          UNREACHABLE,
          NO_TRAFFIC,
          SUPERSEDED,
          DELETED,
          STOPPED_BY_A_PERSON,
          SCALED,
          NOMAD_OUTAGE,
          CONSUL_OUTAGE,
          ROLLOUT_FAILS,
          APPROVED,
          NOT_APPROVED,
          BAD_BEFORE_APPROVAL,
          PROMOTED_EARLY,
          ABORTED,
          PAUSED,
          PAUSED_FOR_GOOD,
          ODD_COMMANDS,
          EDITED,
          DRAINED,
          LOST,
          PRODUCTION_STOPPED,
          TWO_RUNS,
          STATUS_REMOVED,
          STATUS_OVERWRITTEN,
          GENERATION_REMOVED,
          GOOD.inDeploymentMode(),
          BAD.inDeploymentMode(),
          BAD.inDeploymentMode().reverting(),
          NEVER_HEALTHY.inDeploymentMode(),
          NEVER_HEALTHY.inDeploymentMode().reverting(),
          CRASH_OF_A_CANARY.inDeploymentMode(),
          SUPERSEDED.inDeploymentMode(),
          DELETED.inDeploymentMode(),
          NOMAD_OUTAGE.inDeploymentMode(),
          CONSUL_OUTAGE.inDeploymentMode(),
          APPROVED.inDeploymentMode(),
          ABORTED.inDeploymentMode(),
          PROMOTED_ELSEWHERE,
          FAILED_ELSEWHERE,
          FAILED_ELSEWHERE.reverting(),
          PRODUCTION_CHANGED,
          PRODUCTION_REVERTED,
          CANARY_DRAINED,
          STATUS_REMOVED.inDeploymentMode(),
          GENERATION_REMOVED.inDeploymentMode(),
          REST_FAILS,
          REST_FAILS.reverting());

  static Scenario badFrom(Duration age) {
    return BAD.with((canary, now) -> failing(canary, now, age));
  }

  /** The same with Nomad's own canaries of the production job. */
  Scenario inDeploymentMode() {
    return named(name + ", mode deployment")
        .defined(text -> text.replace("\"count\":2", "\"count\":2,\"mode\":\"deployment\""));
  }

  /** The same with a production job that Nomad itself reverts. */
  Scenario reverting() {
    return new Scenario(
        name + ", auto_revert",
        definition,
        outcomes,
        canary,
        counters,
        plan,
        production("api:41", true));
  }

  /** Its canaries serve without an error, and are read. */
  boolean isClean() {
    return counters.equals(GOOD.counters) && canary.equals(GOOD.canary);
  }

  boolean isDeployment() {
    return definition.contains("\"mode\":\"deployment\"");
  }

  private Scenario defined(UnaryOperator<String> change) {
    return new Scenario(
        name, change.apply(definition), outcomes, canary, counters, plan, production);
  }

  private Scenario named(String other) {
    return new Scenario(other, definition, outcomes, canary, counters, plan, production);
  }

  private Scenario with(UnaryOperator<Behaviour> other) {
    return new Scenario(name, definition, outcomes, other, counters, plan, production);
  }

  private Scenario with(BiFunction<LiveAllocation, Duration, Result> other) {
    return new Scenario(name, definition, outcomes, canary, other, plan, production);
  }

  /** The same with more fields of the specification. */
  private Scenario with(String fields) {
    return defined(text -> text.replace("\"spec\":{", "\"spec\":{" + fields + ","));
  }

  private Scenario planned(Consumer<World> other) {
    return new Scenario(name, definition, outcomes, canary, counters, other, production);
  }

  /** Both at once, with the canaries of this one. */
  Scenario and(Scenario other) {
    return named(name + " and " + other.name)
        .planned(plan.andThen(other.plan))
        .orEnding(other.outcomes.toArray(Reason[]::new));
  }

  /** More ends are right. */
  Scenario orEnding(Reason... reasons) {
    return ending(
        Stream.concat(outcomes.stream(), Stream.of(reasons)).distinct().toArray(Reason[]::new));
  }

  private Scenario ending(Reason... reasons) {
    return new Scenario(name, definition, Set.of(reasons), canary, counters, plan, production);
  }

  /** 10,000 requests over two canaries at 500 per second each. */
  private static String usualDefinition() {
    return """
        {"apiVersion":"canary/v1","kind":"CanaryRun","metadata":{"name":"api"},
         "spec":{"job":{"nomadJob":"api","set":{"image":"api:42"}},
                 "canary":{"count":2},
                 "health":{"deadline":"20s","stableFor":"3s"},
                 "counters":{"path":"/count","unreachableFor":"5s"},
                 "analysis":{"requests":10000},
                 "deadline":"40s","promoteDeadline":"60s"}}
        """;
  }

  private static JobDocument production(String image, boolean autoRevert) {
    return new JobDocument(
        "api",
        """
        {"ID":"api","Name":"api","Type":"service","Namespace":"default","Region":"global",
         "TaskGroups":[{"Name":"web","Count":2,"Update":{"AutoRevert":%b},
           "Networks":[{"DynamicPorts":[{"Label":"http"}]}],
           "Services":[{"Name":"api","PortLabel":"http"}],
           "Tasks":[{"Name":"web","Driver":"docker","Config":{"image":"%s"}}]}]}
        """
            .formatted(autoRevert, image));
  }

  Behaviour behaviour(JobDocument job) {
    var isCanary = isDeployment() ? job.json().contains("api:42") : job.id().equals("api-canary");
    return isCanary ? canary.apply(Behaviour.USUAL) : Behaviour.USUAL;
  }

  Result traffic(LiveAllocation allocation, Instant now) {
    return counters.apply(allocation, Duration.between(allocation.processStartedAt(), now));
  }

  /** Requests flow only while the canary is in rotation. */
  private static Counted clean(LiveAllocation canary) {
    return new Counted(canary.servedFor().toMillis() * REQUESTS_PER_SECOND / 1_000, 0);
  }

  private static Counted failing(LiveAllocation canary, Duration age, Duration from) {
    return new Counted(clean(canary).requests(), age.compareTo(from) >= 0 ? 1 : 0);
  }

  @Override
  public String toString() {
    return name;
  }
}
