package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions that cannot be run: the status says why, and nothing was touched. */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class BadInputTest {
  private final Stack stack;

  BadInputTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void invalidJson() {
    refused("not-json", "{\"apiVersion\": \"canary/v1\",", "InvalidDefinition", "is not JSON");
  }

  @Test
  void unknownFieldsAndWrongTypesAllAtOnce() {
    var run = new Run(stack, "problems");
    var message =
        refused(
            "problems",
            run.definition(
                "\"job\":{\"nomadJob\":\"problems\"}",
                "\"cannary\":{}",
                "\"canary\":{\"count\":\"two\"}",
                "\"analysis\":{\"requests\":-1}"),
            "InvalidDefinition",
            "/spec/cannary: is not a known field; did you mean canary?");
    assertTrue(message.contains("/spec/canary/count"), message);
    assertTrue(message.contains("/spec/analysis/requests"), message);
  }

  @Test
  void noJobSource() {
    refused(
        "no-source",
        new Run(stack, "no-source").definition("\"promote\":\"none\""),
        "InvalidDefinition",
        "/spec: needs a job");
  }

  @Test
  void twoJobSources() {
    refused(
        "two-sources",
        new Run(stack, "two-sources")
            .definition("\"job\":{\"nomadJob\":\"api\",\"hcl\":\"job {}\"}"),
        "InvalidDefinition",
        "/spec/job");
  }

  @Test
  void hclThatNomadCannotParse() {
    refused(
        "bad-hcl",
        new Run(stack, "bad-hcl").definition("\"job\":{\"hcl\":\"job \\\"bad-hcl\\\" {\"}"),
        "JobRejected",
        "parse HCL");
  }

  @Test
  void jobThatNomadRejects() {
    var job =
        """
        "job":{"json":{"ID":"rejected","Name":"rejected","Type":"service","TaskGroups":[{
          "Name":"web","Networks":[{"DynamicPorts":[{"Label":"http"}]}],
          "Tasks":[{"Name":"web","Driver":"raw_exec","Config":{},
                    "Resources":{"CPU":20,"MemoryMB":-5}}]}]}}
        """;
    refused("rejected", new Run(stack, "rejected").definition(job), "JobRejected", "emory");
  }

  @Test
  void jobThatNomadDoesNotKnow() {
    var run = new Run(stack, "unknown");
    refused("unknown", run.definition(Map.of()), "JobRejected", "knows no job unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "job, system, '\"Type\":\"system\"', type system",
    "deployment, system, '\"Type\":\"system\"', type system",
    "job, sysbatch, '\"Type\":\"sysbatch\"', type sysbatch",
    "job, periodic, '\"Type\":\"batch\",\"Periodic\":{\"Spec\":\"@daily\"}', Periodic",
    "deployment, periodic, '\"Type\":\"batch\",\"Periodic\":{\"Spec\":\"@daily\"}', Periodic",
    "job, parameterized, '\"Type\":\"batch\",\"ParameterizedJob\":{}', ParameterizedJob",
    "deployment, parameterized, '\"Type\":\"batch\",\"ParameterizedJob\":{}', ParameterizedJob"
  })
  void jobThatIsNoService(String mode, String kind, String fields, String reason) {
    var name = kind + "-in-mode-" + mode;
    var job =
        """
        "job":{"json":{"ID":"%s","Name":"%1$s",%s,"TaskGroups":[{
          "Name":"web","Networks":[{"DynamicPorts":[{"Label":"http"}]}],
          "Tasks":[{"Name":"web","Driver":"raw_exec","Config":{"command":"/bin/true"}}]}]}}
        """
            .formatted(name, fields);
    refused(
        name,
        new Run(stack, name).definition(job, "\"canary\":{\"mode\":\"%s\"}".formatted(mode)),
        "JobRejected",
        reason);
  }

  @Test
  void driverThatIsNotAllowed() {
    var job =
        """
        "job":{"json":{"ID":"driver","Name":"driver","Type":"service","TaskGroups":[{
          "Name":"web","Networks":[{"DynamicPorts":[{"Label":"http"}]}],
          "Tasks":[{"Name":"web","Driver":"mock_driver","Config":{"run_for":"1h"}}]}]}}
        """;
    var message =
        refused(
            "driver",
            new Run(stack, "driver").definition(job),
            "NotAllowed",
            "CANARY_ALLOW_DRIVERS");
    assertTrue(!message.contains("mock_driver"), "nothing is echoed: " + message);
  }

  @Test
  void namespaceThatIsNotAllowed() {
    refused(
        "namespace",
        new Run(stack, "namespace")
            .definition("\"nomad\":{\"namespace\":\"other\"},\"job\":{\"nomadJob\":\"a\"}"),
        "NotAllowed",
        "CANARY_ALLOW_NAMESPACES");
  }

  @Test
  void consulKeyThatIsNotAllowed() {
    refused(
        "key",
        new Run(stack, "key").definition("\"job\":{\"consulKey\":\"secrets/of-others\"}"),
        "NotAllowed",
        "CANARY_ALLOW_CONSUL_KEYS");
  }

  @Test
  void jobUnderTheCanarysIdThatIsNotOurs() {
    // Given
    var mine = new Run(stack, "taken").production(1);
    new Run(stack, "taken-canary").production(1);

    // When
    var end = mine.put(mine.definition(Map.of())).awaitEnd();

    // Then
    assertEquals("JobRejected", end.path("reason").asText());
    assertEquals(1, mine.running("taken-canary"));
  }

  /**
   * @return the message
   */
  private String refused(String name, String definition, String reason, String message) {
    // Given
    var run = new Run(stack, name);

    // When
    var end = run.put(definition).awaitEnd();

    // Then
    var said = end.path("message").asText();
    assertEquals(reason, end.path("reason").asText(), said);
    assertTrue(said.contains(message), said);
    assertEquals(0, run.submissions(run.canary()));
    run.assertClean();
    return said;
  }
}
