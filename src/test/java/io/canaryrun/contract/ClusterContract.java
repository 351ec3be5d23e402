package io.canaryrun.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.codec.Jobs;
import io.canaryrun.codec.PlannedJob;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Difference;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Rollout;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every {@link Cluster} promises. */
abstract class ClusterContract {
  private static final Target TARGET = new Target("default", Optional.empty());
  private static final long GENERATION = 7;
  private static final String OWNER = "dc1/canary/";
  private static final String RUNS = "\"run_for\":\"1h\"";

  abstract Cluster cluster();

  abstract Instant now();

  /** Waits until that is so, or fails. */
  abstract void until(BooleanSupplier condition);

  /** Follows the events from now on until the test is over. */
  abstract void follow(Consumer<String> onJob);

  @Test
  void refusesARegistrationOverAnotherIndex() {
    // Given
    assertTrue(cluster().register(TARGET, job("conflict", 1, RUNS), 0, false));

    // When
    boolean registered = cluster().register(TARGET, job("conflict", 2, RUNS), 0, false);

    // Then
    assertFalse(registered);
    assertEquals(0, seen("conflict").version());
  }

  @Test
  void tombstoneOverNothingRefusesALateSubmission() {
    // Given
    assertEquals(Optional.empty(), cluster().job(TARGET, "tombstone"));
    var canary = canary("tombstone", 1, RUNS);

    // When
    boolean stopped = cluster().register(TARGET, Jobs.stopped(canary, "Superseded"), 0, false);
    boolean submittedLate = cluster().register(TARGET, canary, 0, false);

    // Then
    assertTrue(stopped);
    assertFalse(submittedLate);
    assertTrue(seen("tombstone").stopped());
    assertEquals("Superseded", seen("tombstone").meta().get(Stamps.STOP_REASON));
  }

  @Test
  void runningCountsArePreservedWhereAsked() {
    // Given
    cluster().register(TARGET, job("counts", 2, RUNS), 0, false);

    // When
    cluster().register(TARGET, job("counts", 1, RUNS), seen("counts").modifyIndex(), true);

    // Then
    assertEquals(2, Jobs.countOf(seen("counts").document(), "http"));
  }

  @Test
  void refusesAJobThatDoesNotValidateWithNomadsSentence() {
    // Given
    var noDriver = new JobDocument("bad", json("bad", 1, RUNS).replace("mock_driver", ""));

    // When
    var refusal =
        assertThrows(
            PortFailure.Rejected.class, () -> cluster().register(TARGET, noDriver, 0, false));

    // Then
    assertTrue(refusal.getMessage().contains("Missing task driver"), refusal.getMessage());
  }

  @Test
  void refusesAnUnknownNamespace() {
    var elsewhere = new Target("nowhere", Optional.empty());
    var job = Jobs.targeted(job("homeless", 1, RUNS), elsewhere);

    assertThrows(PortFailure.Rejected.class, () -> cluster().register(elsewhere, job, 0, false));
  }

  @Test
  void refusesBadHcl() {
    assertThrows(
        PortFailure.Rejected.class, () -> cluster().parse(TARGET, "job \"x\" {", Map.of()));
  }

  @Test
  void showsHealthyCanariesOfTheGenerationOnly() {
    // Given
    var early = canary("allocations", 2, RUNS);
    cluster().register(TARGET, early, 0, false);

    // When
    until(() -> healthy("allocations", GENERATION) == 2);

    // Then
    assertEquals(List.of(), cluster().allocations(TARGET, "allocations", GENERATION + 1, "http"));
    var seen = cluster().allocations(TARGET, "allocations", GENERATION, "http").getFirst();
    assertEquals(AllocationSeen.State.RUNNING, seen.state());
    assertTrue(seen.address().orElseThrow().matches("127\\.0\\.0\\.1:\\d+"));
    assertTrue(seen.processStartedAt().isPresent());
    assertEquals(new Rollout.Successful(), rolledOut("allocations"));
  }

  @Test
  void showsAllCanariesOfAGeneration() {
    // Given
    cluster().register(TARGET, canary("left", 2, RUNS), 0, false);
    until(() -> left("left", Role.CANARY) == 2);
    assertEquals(List.of(), cluster().canaries(TARGET, "left", Role.CANARY, GENERATION + 1));
    assertEquals(
        List.of(), cluster().canaries(TARGET, "never-registered", Role.CANARY, GENERATION));

    // When
    var stop = Jobs.stopped(canary("left", 2, RUNS), "Superseded");
    cluster().register(TARGET, stop, seen("left").modifyIndex(), false);

    // Then
    until(() -> left("left", Role.CANARY) == 0);
    assertEquals(2, cluster().canaries(TARGET, "left", Role.CANARY, GENERATION).size());
  }

  private long left(String jobId, Role role) {
    return cluster().canaries(TARGET, jobId, role, GENERATION).stream()
        .filter(it -> !it.isGone())
        .count();
  }

  @Test
  void restartIsANewProcess() {
    // Given
    cluster()
        .register(TARGET, canary("restarts", 1, "\"run_for\":\"1s\",\"exit_code\":1"), 0, false);
    until(() -> started("restarts").isPresent());
    var before = started("restarts").orElseThrow();

    // When
    until(
        () ->
            started("restarts")
                .filter(now -> now.restarts() > 0)
                .filter(now -> !now.processStartedAt().equals(before.processStartedAt()))
                .isPresent());

    // Then
    var after = started("restarts").orElseThrow();
    assertEquals(before.allocId(), after.allocId());
    assertTrue(after.problem().orElseThrow().contains("Exit Code: 1"), after.toString());
    var events = after.events().stream().map(event -> event.task() + " " + event.type()).toList();
    assertTrue(events.contains("server Terminated"), after.toString());
    assertTrue(events.contains("server Started"), after.toString());
  }

  @Test
  void saysWhyNothingCouldBePlaced() {
    // Given
    cluster().register(TARGET, nowhere("unplaceable"), 0, false);

    // When
    until(() -> cluster().placementProblem(TARGET, "unplaceable").isPresent());

    // Then
    assertEquals(
        Optional.of(
            "group web: cannot be placed: constraint ${attr.kernel.name} = plan9 filtered 1 nodes"),
        cluster().placementProblem(TARGET, "unplaceable"));
  }

  private static JobDocument nowhere(String id) {
    return new JobDocument(
        id,
        json(id, 1, RUNS)
            .replace(
                "\"Type\":",
                "\"Constraints\":[{\"LTarget\":\"${attr.kernel.name}\",\"Operand\":\"=\",\"RTarget\":\"plan9\"}],\"Type\":"));
  }

  @Test
  void listsStampedJobsWithTheirMeta() {
    // Given
    var canary = canary("stamped", 1, RUNS);
    cluster().register(TARGET, canary, 0, false);

    // When
    var found =
        cluster().stampedJobs(List.of("default"), Optional.of("global")).stream()
            .filter(job -> job.jobId().equals("stamped"))
            .toList();

    // Then
    var there = new Target("default", Optional.of("global"));
    assertEquals(
        List.of(new Cluster.StampedJob(there, "stamped", false, seen("stamped").meta())), found);
    assertEquals(OWNER, found.getFirst().meta().get(Stamps.OWNER));
  }

  @Test
  void unknownFieldsSurviveRegistration() {
    // Given
    var document =
        json("rich", 1, RUNS).replace("\"Type\":", "\"UI\":{\"Description\":\"kept\"},\"Type\":");

    // When
    cluster().register(TARGET, new JobDocument("rich", document), 0, false);

    // Then
    assertTrue(seen("rich").document().json().contains("\"Description\":\"kept\""));
  }

  @Test
  void eventsWakeWhoeverWaitsForTheJob() {
    // Given
    var woken = new ConcurrentLinkedQueue<String>();
    follow(woken::add);

    // Then
    until(
        () -> {
          changeCount("eventful"); // Who listens hears only what comes after he began.
          return woken.contains("eventful");
        });
  }

  private void changeCount(String id) {
    var present = cluster().job(TARGET, id);
    int count = present.map(it -> it.version() % 2 == 0 ? 2 : 1).orElse(1);
    long over = present.map(JobSeen::modifyIndex).orElse(0L);
    cluster().register(TARGET, job(id, count, RUNS), over, false);
  }

  @Test
  void firstVersionHasNoCanaries() {
    var plan = cluster().plan(TARGET, withCanaries("no-plan", "2", false));

    assertFalse(plan.placesCanaries());
    assertEquals(2, plan.updates().get("web").numbers().get("create"));
    assertEquals(Difference.Kind.ADDED, plan.difference().kind());
    assertEquals(Optional.empty(), cluster().job(TARGET, "no-plan"));
  }

  @Test
  void onlyReplacedAllocationsHaveCanaries() {
    // Given
    stable("planned", false);

    // Then
    var before = seen("planned");
    assertFalse(cluster().plan(TARGET, source("planned", "1", false)).placesCanaries());
    assertTrue(cluster().plan(TARGET, withCanaries("planned", "2", false)).placesCanaries());
    assertFalse(cluster().plan(TARGET, source("planned", "2", false)).placesCanaries());
    assertEquals(before, seen("planned"));
  }

  @Test
  void planTellsFieldByFieldWhatDiffers() {
    // Given
    var before = stable("edited", false);

    // When
    var plan = cluster().plan(TARGET, withCanaries("edited", "2", false));

    // Then
    var group = only(plan.difference(), Difference.Level.GROUP);
    var task = only(group, Difference.Level.TASK);
    assertEquals(Difference.Kind.CHANGED, plan.difference().kind());
    assertEquals(
        List.of(new Difference.Field(Difference.Kind.CHANGED, "Env[RELEASE]", "1", "2", List.of())),
        task.fields());
    var update = only(group, Difference.Level.BLOCK);
    assertEquals("Update", update.name());
    assertTrue(
        update.fields().stream()
            .anyMatch(field -> field.name().equals("Canary") && field.after().equals("1")));
    assertEquals(Optional.empty(), plan.placementProblem());
    assertEquals(before, seen("edited"));
  }

  private static Difference only(Difference of, Difference.Level level) {
    var parts = of.parts().stream().filter(part -> part.level() == level).toList();
    assertEquals(1, parts.size(), parts.toString());
    return parts.getFirst();
  }

  @Test
  void stampsOfTheRegisteredJobMakeNoDifferenceToAPlan() {
    // Given
    var job = withCanaries("restamped", "1", false);
    var stamped = Jobs.stamped(job, "api", GENERATION, Role.PRODUCTION, OWNER);
    assertTrue(cluster().register(TARGET, stamped, 0, false));
    until(() -> rollout("restamped").equals(new Rollout.Successful()));

    // When
    var next = Jobs.stamped(job, "api", GENERATION + 1, Role.PRODUCTION, OWNER);
    var plan = cluster().plan(TARGET, PlannedJob.over(seen("restamped"), next, true));

    // Then
    assertFalse(plan.placesCanaries());
    assertEquals(Difference.Kind.SAME, plan.difference().kind());
    assertTrue(cluster().plan(TARGET, next).placesCanaries());
  }

  @Test
  void planSaysWhyNothingCouldBePlaced() {
    assertEquals(
        Optional.of(
            "group web: cannot be placed: constraint ${attr.kernel.name} = plan9 filtered 1 nodes"),
        cluster().plan(TARGET, nowhere("planned-nowhere")).placementProblem());
  }

  @Test
  void planRefusesWhatARegistrationWouldRefuse() {
    // Given
    var noDriver = new JobDocument("badly", json("badly", 1, RUNS).replace("mock_driver", ""));

    // When
    var refusal = assertThrows(PortFailure.Rejected.class, () -> cluster().plan(TARGET, noDriver));

    // Then
    assertTrue(refusal.getMessage().contains("Missing task driver"), refusal.getMessage());
  }

  @Test
  void allocationsOfAJobThatNobodyStamped() {
    // Given
    assertTrue(cluster().register(TARGET, job("unstamped", 2, RUNS), 0, false));

    // When
    until(() -> rollout("unstamped").equals(new Rollout.Successful()));

    // Then
    assertEquals(
        2,
        cluster().allocations(TARGET, "unstamped", "http").stream()
            .filter(AllocationSeen::healthy)
            .count());
    assertEquals(List.of(), cluster().allocations(TARGET, "unstamped", "other"));
    assertEquals(List.of(), cluster().allocations(TARGET, "unheard-of", "http"));
  }

  @Test
  void regionsAreThoseOfTheServers() {
    assertEquals(List.of("global"), cluster().regions());
  }

  @Test
  void agentAnswersThatItsServersHaveALeader() {
    assertDoesNotThrow(cluster()::ping);
  }

  @Test
  void agentTellsItsVersionAndItsTime() {
    var server = cluster().server();

    assertTrue(server.version().orElseThrow().matches("1\\.\\d+\\.\\d+"), server.toString());
    var off = Duration.between(server.time(), now()).abs();
    assertTrue(off.compareTo(Duration.ofSeconds(5)) < 0, server.toString());
  }

  @Test
  void promotedCanariesAreFollowedToTheEnd() {
    // Given
    var deployment = canariesOut("promoted", false);

    // Then
    assertEquals(1, healthy("promoted", GENERATION));
    assertEquals(1, left("promoted", Role.PRODUCTION));
    assertTrue(cluster().promote(TARGET, deployment));
    assertEquals(0, left("promoted", Role.PRODUCTION));
    assertTrue(cluster().promote(TARGET, deployment)); // Once more does no harm.
    until(() -> rollout("promoted").equals(new Rollout.Successful()));
    assertEquals(2, healthy("promoted", GENERATION));
    assertFalse(cluster().fail(TARGET, deployment));
  }

  /** Somebody edits the version with the canaries, and leaves its stamps as they are. */
  @Test
  void canariesOfADeploymentThatIsOvertakenAreStopped() {
    // Given
    canariesOut("overtaken", false);
    var canaries = cluster().allocationIds(TARGET, "overtaken", 1);
    assertEquals(1, canaries.size());

    // When
    canariesOut("overtaken", seen("overtaken"), "3");

    // Then
    until(() -> left("overtaken", canaries) == 0);
    var others = cluster().allocationIds(TARGET, "overtaken", 2);
    assertEquals(1, left("overtaken", others));
  }

  private long left(String id, Set<String> ids) {
    return cluster().canaries(TARGET, id, Role.PRODUCTION, GENERATION).stream()
        .filter(it -> ids.contains(it.allocId()) && !it.isGone())
        .count();
  }

  @Test
  void failedDeploymentStopsItsCanariesAndStaysCurrent() {
    // Given
    var deployment = canariesOut("failing", false);

    // When
    assertTrue(cluster().fail(TARGET, deployment));

    // Then
    until(() -> allGone("failing"));
    assertEquals(0, left("failing", Role.PRODUCTION));
    assertEquals(1, cluster().canaries(TARGET, "failing", Role.PRODUCTION, GENERATION).size());
    assertEquals(1, seen("failing").version());
    assertEquals(
        Rollout.Cause.STOPPED, assertInstanceOf(Rollout.Failed.class, rollout("failing")).cause());
    assertFalse(cluster().promote(TARGET, deployment));
    assertFalse(cluster().fail(TARGET, deployment));
  }

  @Test
  void failedDeploymentIsRevertedWhereTheJobAsksForIt() {
    // Given
    var before = stable("reverting", true);
    var deployment = canariesOut("reverting", before);

    // When
    assertTrue(cluster().fail(TARGET, deployment));

    // Then
    until(() -> allGone("reverting"));
    assertEquals(2, seen("reverting").version());
    assertTrue(Jobs.sameButForCounts(before.document(), seen("reverting").document()));
    until(() -> rollout("reverting").equals(new Rollout.Successful()));
    assertEquals(
        Rollout.Cause.STOPPED,
        assertInstanceOf(Rollout.Failed.class, cluster().rollout(TARGET, "reverting", 1)).cause());
    assertEquals(
        Optional.of(GENERATION),
        Stamps.of(cluster().versions(TARGET, "reverting").get(1L)).map(Stamps::generation));
  }

  @Test
  void returningAVersionInMidDeploymentStopsTheCanaries() {
    // Given
    var before = stable("returned", false);
    var _ = canariesOut("returned", before);

    // When
    cluster()
        .register(TARGET, Jobs.restorable(before.document()), seen("returned").modifyIndex(), true);

    // Then
    until(() -> allGone("returned"));
    until(() -> rollout("returned").equals(new Rollout.Successful()));
    assertTrue(Jobs.sameButForCounts(before.document(), seen("returned").document()));
    assertEquals(
        Rollout.Cause.OVERTAKEN,
        assertInstanceOf(Rollout.Failed.class, cluster().rollout(TARGET, "returned", 1)).cause());
  }

  private String canariesOut(String id, boolean autoRevert) {
    return canariesOut(id, stable(id, autoRevert));
  }

  /** Registers version 2 with one canary beside two allocations, and waits until it is healthy. */
  private String canariesOut(String id, JobSeen before) {
    return canariesOut(id, before, "2");
  }

  private String canariesOut(String id, JobSeen before, String release) {
    var next =
        Jobs.stamped(
            withCanaries(id, release, before.document().json().contains("\"AutoRevert\":true")),
            "api",
            GENERATION,
            Role.PRODUCTION,
            OWNER);
    assertTrue(cluster().register(TARGET, next, before.modifyIndex(), true));
    until(() -> rollout(id) instanceof Rollout.AwaitingPromotion);
    return rollout(id).unpromoted().orElseThrow();
  }

  /** Registers version 1, and waits until it is rolled out. */
  private JobSeen stable(String id, boolean autoRevert) {
    assertTrue(cluster().register(TARGET, source(id, "1", autoRevert), 0, false));
    until(() -> rollout(id).equals(new Rollout.Successful()));
    return seen(id);
  }

  private boolean allGone(String id) {
    return cluster().allocations(TARGET, id, GENERATION, "http").stream()
        .allMatch(AllocationSeen::isGone);
  }

  private static JobDocument source(String id, String release, boolean autoRevert) {
    return new JobDocument(
        id,
        json(id, 2, RUNS)
            .replace("\"MaxParallel\":2", "\"MaxParallel\":1,\"AutoRevert\":" + autoRevert)
            .replace("\"Driver\":", "\"Env\":{\"RELEASE\":\"%s\"},\"Driver\":".formatted(release)));
  }

  private static JobDocument withCanaries(String id, String release, boolean autoRevert) {
    return Jobs.withCanaries(source(id, release, autoRevert), 1, "http");
  }

  private Optional<AllocationSeen> started(String id) {
    return cluster().allocations(TARGET, id, GENERATION, "http").stream()
        .filter(allocation -> allocation.processStartedAt().isPresent())
        .findFirst();
  }

  private Rollout rolledOut(String id) {
    until(() -> !(rollout(id) instanceof Rollout.InProgress));
    return rollout(id);
  }

  private Rollout rollout(String id) {
    return cluster().rollout(TARGET, id, seen(id).version());
  }

  private long healthy(String id, long generation) {
    return cluster().allocations(TARGET, id, generation, "http").stream()
        .filter(AllocationSeen::healthy)
        .count();
  }

  private JobSeen seen(String id) {
    return cluster().job(TARGET, id).orElseThrow();
  }

  private static JobDocument canary(String id, int count, String config) {
    return Jobs.stamped(job(id, count, config), "api", GENERATION, Stamps.Role.CANARY, OWNER);
  }

  private static JobDocument job(String id, int count, String config) {
    return new JobDocument(id, json(id, count, config));
  }

  private static String json(String id, int count, String config) {
    return """
        {"ID":"%s","Name":"%s","Type":"service","Datacenters":["*"],"TaskGroups":[{"Name":"web",
          "Count":%d,"Networks":[{"DynamicPorts":[{"Label":"http"}]}],
          "Update":{"MaxParallel":2,"MinHealthyTime":100000000,"HealthCheck":"task_states"},
          "RestartPolicy":{"Attempts":5,"Interval":600000000000,"Delay":500000000,"Mode":"fail"},
          "Tasks":[{"Name":"server","Driver":"mock_driver","Config":{%s},
            "Resources":{"CPU":20,"MemoryMB":20}}]}]}
        """
        .formatted(id, id, count, config);
  }
}
