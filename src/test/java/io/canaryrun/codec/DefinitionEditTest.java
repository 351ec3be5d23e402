package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

  @Test
  void setsTheCountAsANumber() throws JsonProcessingException {
    // Given
    var definition = definition("{'spec':{}}");

    // When
    definition.set("canary.count", "4");

    // Then
    assertEquals(4, JSON.readTree(definition.text()).at("/spec/canary/count").intValue());
    assertEquals(
        "--set canary.count: 'four' is not a whole number",
        refusal(definition, "canary.count", "four"));
  }

  @Test
  void changesNoSourceThatIsNotThere() {
    var definition = definition("{'spec':{'job':{'nomadJob':'api'}}}");

    assertEquals(
        "--set var.a: the definition has no /spec/job/hcl that it could change",
        refusal(definition, "var.a", "1"));
    assertEquals(
        "--set canary.env.A: the definition has no /spec/canary/job/nomadJob that it could change",
        refusal(definition, "canary.env.A", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"imge", "env.", "canary.", "canary.counts", "", "job.image"})
  void unknownFieldsAreNamed(String field) {
    var definition = definition("{'spec':{'job':{'nomadJob':'api'}}}");

    var refusal = refusal(definition, field, "1");
    assertTrue(refusal.startsWith("--set " + field + ": there is no such field"), refusal);
    assertTrue(refusal.contains("(known: image, task, env.NAME"), refusal);
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
