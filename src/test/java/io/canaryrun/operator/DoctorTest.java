package io.canaryrun.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.codec.Jobs;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.spec.Target;
import io.canaryrun.fake.FakeNomad.Registration;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.Finding.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private static final Target TARGET = new Target("default", Optional.empty());

  private final Surroundings world = new Surroundings();

  @Test
  void findsNothingWhereAllIsWellAndChangesNothing() {
    // When
    var findings = examine();

    // Then
    assertTrue(findings.stream().allMatch(it -> it.level() == Level.OK), "" + findings);
    assertEquals(
        List.of(
            "Consul",
            "Consul's clock",
            "Consul: read keys",
            "Consul: write keys",
            "Consul: write definitions",
            "Consul: sessions",
            "Consul: services and nodes",
            "Consul: agent",
            "Nomad",
            "Nomad's clock",
            "Nomad: list-jobs",
            "Nomad: read-job",
            "Nomad: parse-job",
            "Nomad: plan-job",
            "Nomad: register-job",
            "Orphans",
            "Locks",
            "Runs",
            "Commands",
            "Keys of runs",
            "Other keys"),
        findings.stream().map(Finding::check).toList());
    assertEquals(List.of(), world.consul.presentKeys(""));
    assertEquals(1, world.nomad.registrations().stream().filter(Registration::accepted).count());
  }

  @Test
  void warnsOfOldVersions() {
    // Given
    world.consul.shows("1.19.2");
    world.nomad.shows("1.9.10+ent", Duration.ZERO);

    // Then
    assertEquals(
        List.of(
            Finding.warning(
                "Consul",
                "version 1.19.2 at http://consul:8500",
                "upgrade it: this program is tested with 1.20 and newer"),
            Finding.warning(
                "Nomad",
                "version 1.9.10+ent at http://nomad:4646",
                "upgrade it: this program is tested with 1.11 and newer")),
        notOk());
  }

  @Test
  void takesNewVersions() {
    // Given
    world.consul.shows("2.0.0-rc1");
    world.nomad.shows("1.12.0-dev", Duration.ZERO);

    // Then
    assertEquals(List.of(), notOk());
  }

  @Test
  void warnsOfClocksThatDiffer() {
    // Given
    world.nomad.shows("1.11.3", Duration.ofSeconds(-9));

    // Then
    assertEquals(List.of("is 8 s behind this machine's"), found("Nomad's clock"));
  }

  @Test
  void looksAtNomadAloneWhereConsulDoesNotAnswer() {
    // Given
    world.consul.goDown();

    // Then
    var findings = examine();
    assertEquals(
        Finding.problem(
            "Consul",
            "Consul did not answer",
            "if it does not run there, start it, or set CONSUL_HTTP_ADDR to where it is"),
        findings.getFirst());
    assertEquals(
        List.of(
            "Consul",
            "Nomad",
            "Nomad's clock",
            "Nomad: list-jobs",
            "Nomad: read-job",
            "Nomad: parse-job",
            "Nomad: plan-job",
            "Nomad: register-job"),
        findings.stream().map(Finding::check).toList());
  }

  @Test
  void namesEachPermissionThatIsMissing() {
    // Given
    var settings = world.settings(List.of("default", "other", "team-*"));

    // Then
    var refused =
        examine(settings).stream()
            .filter(it -> it.found().equals("nonexistent namespace other"))
            .map(Finding::check)
            .toList();
    assertEquals(
        List.of("Nomad: read-job", "Nomad: parse-job", "Nomad: plan-job", "Nomad: register-job"),
        refused);
  }

  @Test
  void orphanIsFoundAndEndedAsAnAgentDoesIt() {
    // Given
    world.nomad.userRegister(orphan());

    // When
    var orphan = notOk().getFirst();

    // Then
    assertEquals(Level.PROBLEM, orphan.level());
    assertEquals(
        "canary job api-canary, the canary job of run api, generation 7, of dc1/canary/:"
            + " AbortedByPerson",
        orphan.found());
    assertEquals("stop job api-canary", orphan.remedy().orElseThrow().inWords());
    assertTrue(orphan.remedy().orElseThrow().apply());
    assertTrue(world.nomad.job(TARGET, "api-canary").orElseThrow().stopped());
    assertFalse(orphan.remedy().orElseThrow().apply());
    assertEquals(List.of(), notOk());
  }

  private static JobDocument orphan() {
    return Jobs.stamped(
        Jobs.canaryOf(Surroundings.production("api:42"), "-canary", 1, "http"),
        "api",
        7,
        Role.CANARY,
        "dc1/canary/");
  }

  @Test
  void regionThatIsLostHidesNoOrphansOfOthers() {
    // Given
    world.nomad.addRegion("eu");
    world.nomad.loseRegion("eu");
    world.nomad.userRegister(orphan());

    // When
    var orphans = notOk().stream().filter(it -> it.check().equals("Orphans")).toList();

    // Then
    assertEquals(2, orphans.size());
    assertTrue(orphans.get(0).found().startsWith("could not be looked at"), orphans.toString());
    assertEquals("stop job api-canary", orphans.get(1).remedy().orElseThrow().inWords());
  }

  @Test
  void othersCanariesAreNoOrphans() {
    // Given
    world.nomad.userRegister(
        Jobs.stamped(
            Jobs.canaryOf(Surroundings.production("api:42"), "-canary", 1, "http"),
            "api",
            7,
            Role.CANARY,
            "dc1/teams/a/canary/"));

    // Then
    assertEquals(List.of(), notOk());
  }

  @Test
  void runThatNobodyCarriesOnIsAProblem() {
    // Given
    world.consul.userWrites("api", Surroundings.definition("api:42"));
    var before = world.time.instant();

    // Then
    assertEquals(List.of("nobody carries on run api, which has a new definition"), found("Runs"));
    assertFalse(
        Duration.between(before, world.time.instant()).compareTo(Operator.RESYNC) < 0,
        "an operator has the time to take it up");
  }

  @Test
  void runThatSomebodyHoldsIsNone() {
    // Given
    var _ = active("api");

    // Then
    assertEquals(List.of(), notOk());
  }

  @Test
  void lockOfASessionThatIsNotThereIsAProblem() {
    // Given
    var session = active("api");
    world.consul.hidesSessions();

    // Then
    var lock = notOk().getFirst();
    assertEquals(Level.PROBLEM, lock.level());
    assertTrue(lock.found().contains("locked by session " + session), lock.toString());
    assertTrue(lock.mend().orElseThrow().contains("canary/status/api"), lock.toString());
  }

  @Test
  void commandForAnEndedRunIsRemoved() {
    // Given
    world.consul.writeCommand("api", new Command.Asked(Command.Kind.ABORT, 0, 7, "ada", ""));

    // When
    var findings = notOk();

    // Then
    assertEquals("abort for run api, which has ended", findings.getFirst().found());
    assertTrue(findings.getFirst().remedy().orElseThrow().apply());
    assertEquals(List.of(), notOk());
  }

  @Test
  void keysOfADeletedRunAreForgotten() {
    // Given
    ended("api");

    // When
    var findings = notOk();

    // Then
    assertEquals(List.of("2 keys of run api, which has no definition"), founds(findings));
    assertEquals(Level.WARNING, findings.getFirst().level());
    assertTrue(findings.getFirst().remedy().orElseThrow().apply());
    assertEquals(List.of(), world.consul.presentKeys(""));
  }

  /** People may still want to know how it ended. */
  @Test
  void keysOfARunThatWasJustDeletedAreKept() {
    // Given
    ended("api", world.time.instant());

    // Then
    assertEquals(List.of(), notOk());
  }

  @Test
  void runThatWasDefinedMeanwhileIsNotForgotten() {
    // Given
    ended("api");
    var finding = notOk().getFirst();

    // When
    world.consul.userWrites("api", Surroundings.definition("api:43"));

    // Then
    assertFalse(finding.remedy().orElseThrow().apply());
    assertEquals(3, world.consul.presentKeys("").size());
  }

  @Test
  void whatKeysTellOfAnOrphanIsKeptUntilItIsGone() {
    // Given
    ended("api");
    world.nomad.userRegister(
        Jobs.stamped(
            Jobs.canaryOf(Surroundings.production("api:42"), "-canary", 1, "http"),
            "api",
            7,
            Role.CANARY,
            "dc1/canary/"));

    // Then
    assertEquals(
        List.of("stop job api-canary"),
        notOk().stream().flatMap(it -> it.remedy().stream()).map(it -> it.inWords()).toList());
  }

  @Test
  void nothingIsForgottenWhileNomadDoesNotAnswer() {
    // Given
    ended("api");
    world.nomad.goDown();

    // Then
    assertTrue(notOk().stream().allMatch(it -> it.remedy().isEmpty()));
  }

  @Test
  void garbageIsNamed() {
    // Given
    world.consul.userPuts("runs/team/api", "{}");

    // Then
    assertEquals(List.of("canary/runs/team/api is no key of a run"), found("Other keys"));
  }

  private List<Finding> notOk() {
    return examine().stream().filter(it -> it.level() != Level.OK).toList();
  }

  private List<String> found(String check) {
    return founds(notOk().stream().filter(it -> it.check().equals(check)).toList());
  }

  private static List<String> founds(List<Finding> findings) {
    return findings.stream().map(Finding::found).toList();
  }

  private List<Finding> examine() {
    return examine(world.settings());
  }

  private List<Finding> examine(OperatorSettings settings) {
    var findings = new ArrayList<Finding>();
    new Doctor(world.ports(), settings, findings::add).examine();
    return findings;
  }

  /**
   * @return the session that holds it
   */
  private String active(String name) {
    var definition =
        Surroundings.definition("api:42")
            .replace("\"name\":\"api\"", "\"name\":\"%s\"".formatted(name));
    world.consul.userWrites(name, definition);
    var session = world.consul.open("other", Duration.ofMinutes(10), Duration.ZERO);
    world.consul.claim(name, Optional.empty(), pending(name, session), session);
    return session;
  }

  /** Longer ago than a deleted run is kept. */
  private void ended(String name) {
    ended(name, world.time.instant().minus(Duration.ofDays(31)));
  }

  /** With its history, and without a definition. */
  private void ended(String name, Instant at) {
    var session = world.consul.open("other", Duration.ofMinutes(10), Duration.ZERO);
    var pending = pending(name, session);
    var claimed = world.consul.claim(name, Optional.empty(), pending, session).orElseThrow();
    var end = pending.moved(new Phase.Ended(Reason.DEFINITION_DELETED), "deleted", at);
    world.consul.write(end, claimed.modifyIndex(), session, Optional.empty());
    world.consul.release(name, session);
  }

  private RunStatus pending(String name, String session) {
    return RunStatus.pending(
        name, OptionalLong.of(7), "sha256:7", world.time.instant(), new Owner("other", session));
  }
}
