package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Consul and Nomad deny what no policy allows: each permission is told from the others. */
@Tag("e2e")
class DoctorPermissionsTest {
  /** As the README lists them. */
  private static final List<String> RULES =
      List.of(
          "key_prefix \"canary/\" { policy = \"write\" }",
          "session_prefix \"\" { policy = \"write\" }",
          "service_prefix \"\" { policy = \"read\" }",
          "node_prefix \"\" { policy = \"read\" }",
          "agent_prefix \"\" { policy = \"read\" }");

  private static final List<String> CAPABILITIES =
      List.of("list-jobs", "parse-job", "read-job", "submit-job");

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
  void whatTheReadmeListsIsEnough() {
    // When
    var doctor = doctor("all", _ -> true, _ -> true);

    // Then
    assertEquals(0, doctor.exitCode(), doctor.output());
    assertEquals(
        List.of("Nomad"), checks(doctor, "warning")); // Its version needs one permission more.
    assertEquals(List.of(), checks(doctor, "problem"));
    assertEquals(List.of(), stack.consul.keys("canary/"));
  }

  @ParameterizedTest
  @CsvSource({
    "session, Consul: sessions",
    "service, Consul: services and nodes",
    "node, Consul: services and nodes"
  })
  void permissionThatIsMissingInConsul(String missing, String check) {
    // When
    var doctor = doctor("without-" + missing, rule -> !rule.startsWith(missing), _ -> true);

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    assertEquals(List.of(check), checks(doctor, "problem"));
    assertTrue(doctor.output().contains(missing + "_prefix \"\""), doctor.output());
  }

  @ParameterizedTest
  @CsvSource({"list-jobs, Orphans", "read-job, ''", "submit-job, ''"})
  void permissionThatIsMissingInNomad(String missing, String follows) {
    // When
    var doctor = doctor("without-" + missing, _ -> true, it -> !it.equals(missing));

    // Then
    assertEquals(1, doctor.exitCode(), doctor.output());
    var problems =
        follows.isEmpty() ? List.of("Nomad: " + missing) : List.of("Nomad: " + missing, follows);
    assertEquals(problems, checks(doctor, "problem"), doctor.output());
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
            "Nomad: submit-job",
            "Orphans",
            "Runs"),
        checks(doctor, "problem"),
        doctor.output());
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

  private static CanaryProcess doctor(
      String name, Predicate<String> rules, Predicate<String> capabilities) {
    var allowed =
        CAPABILITIES.stream()
            .filter(capabilities)
            .collect(
                Collectors.joining(
                    "\", \"", "namespace \"default\" { capabilities = [\"", "\"] }"));
    stack.nomad.policy(name, allowed, "");
    var environment = new HashMap<String, String>(stack.environment());
    environment.putAll(
        Map.of(
            "CONSUL_HTTP_TOKEN",
            stack.consul.token(name, String.join("\n", RULES.stream().filter(rules).toList())),
            "NOMAD_TOKEN",
            stack.nomad.token(name).path("SecretID").asText()));
    return DoctorTest.doctor(stack, environment);
  }
}
