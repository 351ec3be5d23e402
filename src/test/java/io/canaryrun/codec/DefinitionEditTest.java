package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionEditTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @CsvSource({
    "image, /spec/job/set/image",
    "task, /spec/job/set/task",
    "env.VERSION, /spec/job/set/env/VERSION",
    "env.A.B, /spec/job/set/env/A.B",
    "meta.commit, /spec/job/set/meta/commit",
    "canary.var.version, /spec/canary/job/variables/version"
  })
  void setsWhatIsTheJobs(String field, String path) throws JsonProcessingException {
    // Given
    var definition =
        definition("{'spec':{'job':{'nomadJob':'api'},'canary':{'job':{'hcl':'job'}}}}");

    // When
    definition.set(field, "42");

    // Then
    assertEquals("42", JSON.readTree(definition.text()).at(path).textValue());
  }

  @Test
  void setsVariablesBesideThoseThatAreThere() throws JsonProcessingException {
    // Given
    var definition = definition("{'spec':{'job':{'hcl':'job','variables':{'a':1,'b':2}}}}");

    // When
    definition.set("var.a", "3").set("var.c", "x=y");

    // Then
    assertEquals(
        JSON.readTree("{\"a\":\"3\",\"b\":2,\"c\":\"x=y\"}"),
        JSON.readTree(definition.text()).at("/spec/job/variables"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "canary.count | 4 | /spec/canary/count | 4",
        "analysis.requests | 1000 | /spec/analysis/requests | 1000",
        "analysis.detect.errorRate | 0.001 | /spec/analysis/detect/errorRate | 0.001",
        "health.stableFor | 5s | /spec/health/stableFor | \"5s\"",
        "counters.errors | /e | /spec/counters/errors | \"/e\"",
        "promote | none | /spec/promote | \"none\"",
        "spec.deadline | 1h | /spec/deadline | \"1h\"",
        "metadata.name | b | /metadata/name | \"b\"",
        "metadata.labels.a/b.c | 7 | /metadata/labels/a~1b.c | \"7\"",
        "job.set.env.A.B | x=y | /spec/job/set/env/A.B | \"x=y\"",
        "job.set | {\"image\":\"a\"} | /spec/job/set | {\"image\":\"a\"}",
        "notify | [] | /spec/notify | []"
      })
  void setsAnyFieldByItsPathWithTheTypeOfTheSchema(
      String field, String value, String pointer, String json) throws JsonProcessingException {
    // Given
    var definition = definition("{'spec':{'job':{'nomadJob':'api'}}}");

    // When
    definition.set(field, value);

    // Then
    assertEquals(JSON.readTree(json), JSON.readTree(definition.text()).at(pointer));
  }

  /** So that none is forgotten in a list. */
  @Test
  void setsEveryFieldOfTheSchemaThatItLists() {
    for (var path : SchemaPaths.OF_DEFINITIONS.all()) {
      assertTrue(SchemaPaths.OF_DEFINITIONS.find(path).isPresent(), path);
    }
    assertTrue(SchemaPaths.OF_DEFINITIONS.all().contains("canary.job.variables.NAME"));
  }

  @Test
  void valuesOfAnotherTypeAreRefused() {
    var definition = definition("{'spec':{'job':{'nomadJob':'api'}}}");

    assertEquals(
        "--set canary.count: 'four' is not a whole number",
        refusal(definition, "canary.count", "four"));
    assertEquals(
        "--set analysis.detect.confidence: 'high' is not a number",
        refusal(definition, "analysis.detect.confidence", "high"));
    assertEquals(
        "--set notify: the value must be a JSON array", refusal(definition, "notify", "{}"));
    for (var secret : List.of("s3cret", "\"s3cret\"", "{\"a\":s3cret", "{},\"b\":s3cret")) {
      assertEquals(
          "--set job.set.env: the value must be a JSON object",
          refusal(definition, "job.set.env", secret));
    }
  }

  @Test
  void changesNoSourceThatIsNotThere() {
    var definition = definition("{'spec':{'job':{'nomadJob':'api'}}}");

    assertEquals(
        "--set var.a: the definition has no /spec/job/hcl that it could change",
        refusal(definition, "var.a", "1"));
    assertEquals(
        "--set canary.job.variables.a: the definition has no /spec/canary/job/hcl that it could"
            + " change",
        refusal(definition, "canary.job.variables.a", "1"));
  }

  @ParameterizedTest
  @CsvSource({
    "imge, image",
    "analysis.request, analysis.requests",
    "heath.deadline, health.deadline",
    "stableFor, health.stableFor",
    "job.image, job.set.image",
    "canary.job.nomadJob, job.nomadJob"
  })
  void unknownFieldsAreNamedWithWhatWasProbablyMeant(String field, String meant) {
    assertEquals(
        "--set %s: there is no such field; did you mean %s?".formatted(field, meant)
            + " (short: canary.var.NAME, env.NAME, image, meta.NAME, task, var.NAME;"
            + " canary schema shows all)",
        refusal(definition("{'spec':{'job':{'nomadJob':'api'}}}"), field, "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"env.", "canary.", "", ".", "health..deadline", "job.json.ID", "a~b/c"})
  void whatIsNoPathIsNoField(String field) {
    var refusal = refusal(definition("{'spec':{'job':{'nomadJob':'api'}}}"), field, "1");

    assertTrue(refusal.startsWith("--set " + field + ": there is no such field"), refusal);
  }

  @Test
  void rerunMakesAnotherGenerationOfTheSameContent() throws JsonProcessingException {
    // When
    var text = definition("{'metadata':{'name':'api'}}").rerun("build-7").text();

    // Then
    var metadata = JSON.readTree(text).path("metadata");
    assertEquals("api", metadata.path("name").textValue());
    assertEquals("build-7", metadata.at("/annotations/canary~1rerun").textValue());
  }

  @Test
  void whatIsNoObjectCannotBeChanged() {
    assertThrows(IllegalArgumentException.class, () -> DefinitionEdit.of("["));
    assertThrows(IllegalArgumentException.class, () -> DefinitionEdit.of("[]"));
  }

  /**
   * @param text with quotes that are easier to read
   */
  private static DefinitionEdit definition(String text) {
    return DefinitionEdit.of(text.replace('\'', '"'));
  }

  private static String refusal(DefinitionEdit definition, String field, String value) {
    return assertThrows(IllegalArgumentException.class, () -> definition.set(field, value))
        .getMessage();
  }
}
