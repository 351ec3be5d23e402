package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.canaryrun.codec.DefinitionCodec.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema and the codec say the same of a definition. */
class SchemaTest {
  private static final Schema SCHEMA = schema();

  /** Every field but those that exclude one another. */
  private static final String FULL =
      """
      {"apiVersion":"canary/v1","kind":"CanaryRun",
       "metadata":{"name":"api","labels":{"team":"a"},"annotations":{"canary/rerun":"1"}},
       "spec":{
        "nomad":{"namespace":"default","region":"eu"},
        "job":{"nomadJob":"api",
               "set":{"image":"api:42","env":{"A":"1"},"meta":{"B":"2"},"task":"web"}},
        "canary":{"mode":"job","count":8,"suffix":"-c","job":{"hcl":"job","variables":{"n":1}}},
        "health":{"deadline":"5m","stableFor":"10s","maxRestarts":0},
        "counters":{"port":"http","path":"/count","errors":"/e","requests":"/r","interval":"1s",
                    "timeout":"1s","unreachableFor":"10s"},
        "analysis":{"detect":{"errorRate":0.0001,"confidence":0.999},"maxErrors":0},
        "promote":"deploy","approval":"automatic","deadline":"30m","approvalDeadline":"24h",
        "promoteDeadline":"15m","notify":[]}}
      """;

  private static Schema schema() {
    try (var text =
        DefinitionCodec.class.getResourceAsStream("/io/canaryrun/canaryrun.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(text, InputFormat.JSON);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Path> examples() throws IOException {
    try (var files = Files.list(Path.of("examples/runs"))) {
      return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void bothTakeEveryExample(Path example) throws IOException {
    // Given
    var text = Files.readString(example);

    // When
    var result = DefinitionCodec.read(text);

    // Then
    assertInstanceOf(Result.Valid.class, result, result.toString());
    assertEquals(List.of(), SCHEMA.validate(DefinitionCodec.tree(text)));
  }

  @Test
  void bothTakeADefinitionWithEveryField() throws IOException {
    // When
    var result = DefinitionCodec.read("api", FULL);

    // Then
    assertInstanceOf(Result.Valid.class, result, result.toString());
    assertEquals(List.of(), SCHEMA.validate(DefinitionCodec.tree(FULL)));
  }

  @Test
  void bothRefuseAnUnknownFieldInEveryObjectThatIsNotTheUsers() throws IOException {
    // Given
    var pointers = new ArrayList<String>();
    collect(DefinitionCodec.tree(FULL), "", pointers);
    assertTrue(pointers.contains("/spec/analysis/detect"));

    // Then
    assertAll(pointers.stream().map(pointer -> () -> assertRefusesUnknownField(pointer)));
  }

  private static void assertRefusesUnknownField(String pointer) throws IOException {
    var tree = DefinitionCodec.tree(FULL);
    ((ObjectNode) tree.at(pointer)).put("unheardOf", "1");

    var result = DefinitionCodec.read("api", tree.toString());

    var invalid = assertInstanceOf(Result.Invalid.class, result, pointer);
    assertEquals(
        List.of(pointer + "/unheardOf"),
        invalid.problems().stream().map(Problem::pointer).toList());
    assertFalse(SCHEMA.validate(tree).isEmpty(), pointer);
  }

  private static void collect(ObjectNode node, String pointer, List<String> into) {
    into.add(pointer);
    for (var field : node.properties()) {
      if (field.getValue() instanceof ObjectNode object
          && !List.of("labels", "annotations", "env", "meta", "variables")
              .contains(field.getKey())) {
        collect(object, pointer + "/" + field.getKey(), into);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/metadata/name \"Api\"",
        "/apiVersion \"canary/v2\"",
        "/kind \"Job\"",
        "/spec/canary/count 0",
        "/spec/canary/count 501",
        "/spec/canary/count \"8\"",
        "/spec/canary/count 1.5",
        "/spec/canary/suffix \"\"",
        "/spec/canary/suffix \"a b\"",
        "/spec/canary/job {\"nomadJob\":\"api\"}",
        "/spec/canary/job {}",
        "/spec/job {}",
        "/spec/job {\"hcl\":\"a\",\"nomadJob\":\"b\"}",
        "/spec/job {\"hcl\":\"a\",\"set\":{}}",
        "/spec/job {\"nomadJob\":\"a\",\"variables\":{}}",
        "/spec/job {\"json\":\"a\"}",
        "/spec/health/deadline \"5 minutes\"",
        "/spec/health/deadline 5",
        "/spec/health/maxRestarts -1",
        "/spec/counters/path \"count\"",
        "/spec/counters/errors \"errorCount\"",
        "/spec/counters/errors \"/a~2\"",
        "/spec/counters/port \"\"",
        "/spec/analysis/requests 5",
        "/spec/analysis/maxErrors -1",
        "/spec/analysis/detect/errorRate 0",
        "/spec/analysis/detect/confidence 1",
        "/spec/analysis/detect {}",
        "/spec/promote \"later\"",
        "/spec/approval \"never\"",
        "/spec/nomad/namespace \"a b\"",
        "/spec/notify {}",
      })
  void bothRefuse(String change) throws IOException {
    // Given
    int space = change.indexOf(' ');
    int slash = change.lastIndexOf('/', space);
    var tree = DefinitionCodec.tree(FULL);
    var value = Json.parse("{\"value\":" + change.substring(space + 1) + "}").get("value");
    ((ObjectNode) tree.at(change.substring(0, slash)))
        .set(change.substring(slash + 1, space), value);

    // When
    var result = DefinitionCodec.read("api", tree.toString());

    // Then
    assertInstanceOf(Result.Invalid.class, result);
    assertFalse(SCHEMA.validate(tree).isEmpty());
  }
}
