package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.agents.Certificates;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nomad and Consul talk to nobody without a certificate of the authority that signed theirs. */
@Tag("e2e")
class TlsTest {
  private static Stack stack;
  private static CanaryProcess agent;

  @BeforeAll
  static void start() {
    stack = Stack.encrypted();
    agent = CanaryProcess.agent(stack.directory.resolve("agent.log"), environment());
  }

  @AfterAll
  static void stop() {
    agent.close();
    stack.close();
  }

  /** With the standard variables. */
  private static Map<String, String> environment() {
    var environment = new HashMap<>(stack.environment());
    var certificates = Certificates.shared();
    for (var prefix : List.of("CONSUL", "NOMAD")) {
      environment.put(prefix + "_CACERT", certificates.authority().toString());
      environment.put(prefix + "_CLIENT_CERT", certificates.client().toString());
      environment.put(prefix + "_CLIENT_KEY", certificates.clientKey().toString());
    }
    return environment;
  }

  @Test
  void releasesEndWellAndBadly() {
    // Given
    var good = new Run(stack, "good").production(1);
    var bad = new Run(stack, "bad").production(1);

    // When
    try (var _ = Traffic.to(good);
        var _ = Traffic.to(bad);
        var applyGood = apply(good, "0");
        var applyBad = apply(bad, "0.05")) {

      // Then
      assertEquals(0, applyGood.exitCode(), applyGood.output());
      assertEquals(3, applyBad.exitCode(), applyBad.output());
    }
    assertEquals("2", good.version("good"));
    assertEquals("1", bad.version("bad"));
    good.assertClean();
    bad.assertClean();
  }

  private static CanaryProcess apply(Run run, String errorRate) {
    var definition = run.definition(Map.of("ERROR_RATE", errorRate));
    return CanaryProcess.start(
        stack.directory.resolve(run.name + ".log"),
        environment(),
        "apply",
        "-f",
        run.file(definition),
        "--wait");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONSUL", "NOMAD"})
  void missingCertificateOfOursIsNamedWithItsVariables(String prefix) {
    var environment = environment();
    environment.keySet().removeIf(name -> name.startsWith(prefix + "_CLIENT_"));

    assertMessage(environment, "set %1$s_CLIENT_CERT and %1$s_CLIENT_KEY".formatted(prefix));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONSUL", "NOMAD"})
  void authorityThatWeDoNotKnowIsNamedWithItsVariable(String prefix) {
    var environment = environment();
    environment.remove(prefix + "_CACERT");

    assertMessage(environment, "set %s_CACERT to the file of the one".formatted(prefix));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONSUL", "NOMAD"})
  void certificateOfAnotherAuthorityIsRefusedAndNamed(String prefix, @TempDir Path directory) {
    var others = Certificates.in(directory);
    var environment = environment();
    environment.put(prefix + "_CLIENT_CERT", others.client().toString());
    environment.put(prefix + "_CLIENT_KEY", others.clientKey().toString());

    assertMessage(environment, "refuses our certificate " + others.client());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONSUL_HTTP_ADDR", "NOMAD_ADDR"})
  void addressWithoutTlsIsNamed(String variable) {
    var environment = environment();
    environment.computeIfPresent(variable, (_, it) -> it.replace("https://", "http://"));

    assertMessage(environment, "(%s) did not answer: it speaks TLS there".formatted(variable));
  }

  @ParameterizedTest
  @CsvSource({"CONSUL, server.dc1.consul", "NOMAD, server.global.nomad"})
  void nameThatTheCertificateMustHaveMayBeAnother(String prefix, String name) {
    var environment = environment();
    environment.put(prefix + "_TLS_SERVER_NAME", name);
    assertEquals(0, DoctorTest.doctor(stack, environment).exitCode());

    environment.put(prefix + "_TLS_SERVER_NAME", "elsewhere.example");
    assertMessage(environment, "set %s_TLS_SERVER_NAME to one of these".formatted(prefix));
  }

  private static void assertMessage(Map<String, String> environment, String message) {
    var doctor = DoctorTest.doctor(stack, environment);

    assertEquals(1, doctor.exitCode(), doctor.output());
    assertTrue(doctor.output().contains(message), doctor.output());
  }
}
