package io.canaryrun.operator;

import static io.canaryrun.fake.Surroundings.definition;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.Jobs;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.spec.Analysis;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.RunPlan.Change;
import io.canaryrun.operator.RunPlan.Outlook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunPlannerTest {
  private static final String DEPLOYMENT = "\"canary\":{\"count\":2,\"mode\":\"deployment\"}";

  private final Surroundings world = new Surroundings();

  @Test
  void tellsWhatWouldBeRegisteredAndRegistersNothing() {
    // Given
    var registered = world.nomad.registrations().size();

    // When
    var plan = plan(definition("api:42", "\"canary\":{\"count\":3}"));

    // Then
    assertEquals(new Outlook.Runs(), plan.outlook());
    assertEquals(
        List.of(Role.CANARY, Role.PRODUCTION), plan.changes().stream().map(Change::role).toList());
    assertEquals("api-canary", plan.generation().orElseThrow().canaryJob().id());
    assertEquals(3, plan.generation().orElseThrow().canaries());
    assertEquals(List.of(), plan.notes());
    assertEquals(registered, world.nomad.registrations().size());
    assertEquals(List.of(), world.consul.writes());
  }

  @Test
  void expectsTheCanariesShareOfWhatProductionServes() {
    // When
    var plan = plan(definition("api:42", "\"canary\":{\"count\":2}"));

    // Then
    assertEquals(
        new Forecast.Expected(200, 2, 2, Duration.ofSeconds(750), Optional.empty()),
        plan.forecast());
  }

  @Test
  void saysThatTheDeadlineWouldPass() {
    var plan = plan(definition("api:42", "\"deadline\":\"10m\""));

    assertTrue(plan.notes().getFirst().contains("DeadlineExceeded"), plan.notes().toString());
  }

  @Test
  void takesUnreadAllocationsForAverageOnes() {
    // Given
    var steady = world.traffic;
    world.traffic =
        it -> it.id().equals("allocation-1") ? new Failed("status 404") : steady.apply(it);

    // When
    var forecast = assertInstanceOf(Forecast.Expected.class, plan(definition("api:42")).forecast());

    // Then
    assertEquals(200, forecast.requestsPerSecond());
    assertEquals(
        Optional.of("allocation allocation-1 at 127.0.0.1:20001: status 404"), forecast.unread());
  }

  @Test
  void saysWhyNothingIsKnownOfTheTraffic() {
    // Given
    world.traffic = _ -> new Failed("status 404");

    // Then
    assertEquals(
        new Forecast.Unknown(
            "production's counters cannot be read: "
                + "allocation allocation-1 at 127.0.0.1:20001: status 404"),
        plan(definition("api:42")).forecast());
  }

  @Test
  void noTrafficIsNoRate() {
    // Given
    world.traffic = _ -> new Counted(7, 0);

    // Then
    assertEquals(
        new Forecast.Unknown("production served no request within 5 s"),
        plan(definition("api:42")).forecast());
  }

  @Test
  void refusesAsTheAgentWould() {
    assertEquals(
        new Outlook.Ends(
            Reason.NOT_ALLOWED, "the namespace is not allowed by CANARY_ALLOW_NAMESPACES"),
        plan(definition("api:42", "\"nomad\":{\"namespace\":\"other\"}")).outlook());
  }

  @Test
  void namesTheActiveRunThatTheJobBelongsTo() {
    // Given
    claim("other", "sha256:other");

    // Then
    assertEquals(
        new Outlook.Ends(
            Reason.JOB_REJECTED, "job api-canary is that of the active run other: wait for it"),
        plan(definition("api:42")).outlook());
  }

  @Test
  void foreseesThatThereIsNoPlace() {
    // Given
    world.nomad.userRegister(
        new JobDocument(
            "api",
            Surroundings.production("api:41")
                .json()
                .replace(
                    "\"Type\":",
                    "\"Constraints\":[{\"LTarget\":\"${attr.kernel.name}\",\"RTarget\":\"plan9\"}],\"Type\":")));

    // Then
    assertEquals(
        new Outlook.Ends(
            Reason.PLACEMENT_FAILED,
            "group web: cannot be placed: constraint ${attr.kernel.name} = plan9 filtered 1 nodes"),
        plan(definition("api:42")).outlook());
  }

  @Test
  void ownCanariesOfProductionArePlannedAlone() {
    var plan = plan(definition("api:42", DEPLOYMENT));

    assertEquals(new Outlook.Runs(), plan.outlook());
    assertEquals(List.of(Role.PRODUCTION), plan.changes().stream().map(Change::role).toList());
    assertTrue(plan.changes().getFirst().plan().placesCanaries());
  }

  /** What this program registered for an earlier generation differs by its stamps alone. */
  @Test
  void promotedJobThatStaysAsItIsHasNoCanaryPhase() {
    // Given
    world.nomad.userRegister(
        Jobs.stamped(
            Jobs.withCanaries(Surroundings.production("api:42"), 2, "http"),
            "api",
            7,
            Role.PRODUCTION,
            "dc1/canary/"));
    world.time.pass(Duration.ofSeconds(10));
    world.nomad.userPromotes("api");
    world.time.pass(Duration.ofSeconds(10));

    // Then
    assertEquals(
        new Outlook.Ends(
            Reason.NO_CANARY_PHASE,
            "job api would be updated without canaries: nothing that needs new allocations changes"),
        plan(definition("api:42", DEPLOYMENT)).outlook());
    assertEquals(new Outlook.Runs(), plan(definition("api:43", DEPLOYMENT)).outlook());
  }

  @Test
  void saysThatAnActiveRunWouldBeEndedFirst() {
    // Given
    claim("api", "sha256:other");

    // Then
    assertEquals(
        List.of("generation 7 of this run is active, and would be ended first"),
        plan(definition("api:42")).notes());
  }

  @Test
  void saysThatTheDefinitionIsBeingRun() {
    // Given
    claim("api", DefinitionCodec.digest(definition("api:42")));

    // Then
    assertEquals(
        List.of("this definition is being run already, as generation 7"),
        plan(definition("api:42")).notes());
  }

  private RunPlan plan(String definition) {
    return new RunPlanner(world.ports(), world.settings())
        .plan(Surroundings.read(definition), definition);
  }

  /** About job {@code api-canary}. */
  private void claim(String name, String digest) {
    var session = world.consul.open("other", Duration.ofMinutes(10), Duration.ZERO);
    var now = world.time.instant();
    var pending =
        RunStatus.pending(name, OptionalLong.of(7), digest, now, new Owner("other", session));
    var jobs =
        new RunStatus.NomadJobs(
            "default",
            Optional.empty(),
            Optional.of("api-canary"),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty());
    world.consul.claim(
        name,
        Optional.empty(),
        pending
            .frozen(jobs, new Analysis(1, 0, 1e-4))
            .moved(new Phase.SubmittingJob(now), "go", now),
        session);
  }
}
