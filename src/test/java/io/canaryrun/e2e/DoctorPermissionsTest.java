package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Consul and Nomad deny what no policy allows: each permission is told from the others. */
@Tag("e2e")
class DoctorPermissionsTest {
  private static final String CONSUL = Locked.rules("consul-operator");
  private static final String NOMAD = Locked.rules("nomad-operator");

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.locked();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void whatIsShippedIsEnough() {
    // When
    var doctor = doctor("all", CONSUL, NOMAD);

    // Then
    assertEquals(0, doctor.exitCode(), doctor.output());
    assertEquals(
        List.of("Consul: write definitions", "Nomad"), // An agent needs neither.
        checks(doctor, "warning"));
    assertEquals(List.of(), checks(doctor, "problem"));
    assertEquals(List.of(), stack.consul.keys("canary/"));
  }

  @ParameterizedTest
  @CsvSource({
    "key_prefix \"canary/\", Consul: read keys, Runs",
    "key_prefix \"canary/history/\", Consul: write keys, ''",
    "session_prefix \"\", Consul: sessions, ''",
    "service_prefix \"\", Consul: services and nodes, ''",
    "node_prefix \"\", Consul: services and nodes, ''"
  })
  void permissionThatIsMissingInConsul(String missing, String check, String follows) {
    // When
    var rules = CONSUL.replaceFirst(Pattern.quote(missing) + " \\{[^}]*}", "");
    var doctor = doctor("without-" + missing.replaceAll("[^a-z]", ""), rules, NOMAD);

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertProblems(doctor, check, follows);
    assertTrue(doctor.output().contains(missing.replaceFirst(" .*", "")), doctor.output());
  }

  @Test
  void keysThatMayBeReadButNotListed() {
    // When
    var doctor = doctor("without-list", CONSUL.replace("\"list\"", "\"read\""), NOMAD);

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertProblems(doctor, "Consul: read keys", "Runs");
    assertTrue(
        doctor.output().contains("key_prefix \"canary/\" { policy = \"list\" }"), doctor.output());
  }

  @ParameterizedTest
  @CsvSource({"list-jobs, Orphans", "read-job, ''", "plan-job, ''", "register-job, ''"})
  void permissionThatIsMissingInNomad(String missing, String follows) {
    // When
    var rules = NOMAD.replace("\"%s\",".formatted(missing), "");
    var doctor = doctor("without-" + missing, CONSUL, rules);

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertProblems(doctor, "Nomad: " + missing, follows);
    assertTrue(doctor.output().contains("Permission denied"), doctor.output());
  }

  @Test
  void nothingAtAllIsAllowed() {
    // When
    var doctor = DoctorTest.doctor(stack, stack.environment());

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertEquals(
        List.of(
            "Consul: read keys",
            "Consul: write keys",
            "Consul: sessions",
            "Consul: services and nodes",
            "Consul: agent",
            "Nomad: list-jobs",
            "Nomad: read-job",
            "Nomad: parse-job",
            "Nomad: plan-job",
            "Nomad: register-job",
            "Orphans",
            "Runs"),
        checks(doctor, "problem"),
        doctor.output());
  }

  private static void assertProblems(CanaryProcess doctor, String check, String follows) {
    var problems = follows.isEmpty() ? List.of(check) : List.of(check, follows);
    assertEquals(problems, checks(doctor, "problem"), doctor.output());
  }

  /** Of the lines with that word, oldest first. */
  private static List<String> checks(CanaryProcess doctor, String word) {
    return doctor
        .output()
        .lines()
        .filter(line -> line.matches(". " + word + " .*"))
        .map(line -> line.substring(11).strip().split("  ", 2)[0])
        .toList();
  }

  private static CanaryProcess doctor(String name, String consul, String nomad) {
    stack.nomad.policy(name, nomad, "");
    var environment = new HashMap<String, String>(stack.environment());
    environment.putAll(
        Map.of(
            "CONSUL_HTTP_TOKEN",
            stack.consul.token(name, consul),
            "NOMAD_TOKEN",
            stack.nomad.token(name).path("SecretID").asText()));
    return DoctorTest.doctor(stack, environment);
  }
}
