package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fields of a definition by their paths, as the JSON Schema has them: {@code
 * analysis.requests}, from {@code spec} on. Those below {@code metadata.} are written in full.
 */
final class SchemaPaths {
  private static final String SCHEMA = "/io/canaryrun/canaryrun.schema.json";
  private static final List<String> IN_FULL = List.of("metadata", "spec");

  static final SchemaPaths OF_DEFINITIONS = load();

  private final JsonNode schema;

  private SchemaPaths(JsonNode schema) {
    this.schema = schema;
  }

  private static SchemaPaths load() {
    try (var text = SchemaPaths.class.getResourceAsStream(SCHEMA)) {
      return new SchemaPaths(JsonMapper.builder().build().readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // It is part of the program.
    }
  }

  /**
   * Where a field is, and what it takes.
   *
   * @param steps from the root of the definition
   * @param type the schema's {@code type}; string where it has none
   * @param needs JSON Pointer of a field without which this one means nothing
   */
  record Place(List<String> steps, String type, Optional<String> needs) {}

  /** Empty: there is no such field. */
  Optional<Place> find(String path) {
    var steps = new ArrayList<String>();
    var needs = Optional.<String>empty();
    var at = schema;
    for (var rest = fromRoot(path); !rest.isEmpty(); ) {
      var named = at.path("additionalProperties").isObject(); // By users: dots are theirs, too.
      var step = named || rest.indexOf('.') < 0 ? rest : rest.substring(0, rest.indexOf('.'));
      var required = at.path("dependentRequired").path(step).path(0);
      if (required.isTextual()) {
        needs = Optional.of("/" + String.join("/", steps) + "/" + required.asText());
      }
      at = resolved(named ? at.path("additionalProperties") : at.path("properties").path(step));
      if (at.isMissingNode() || rest.endsWith(".")) {
        return Optional.empty();
      }
      steps.add(step);
      rest = rest.substring(Math.min(rest.length(), step.length() + 1));
    }
    return Optional.of(new Place(steps, at.path("type").asText("string"), needs));
  }

  private static String fromRoot(String path) {
    return IN_FULL.stream().anyMatch(root -> path.startsWith(root + ".")) ? path : "spec." + path;
  }

  /** All fields that hold a value; {@code NAME} stands for what users name themselves. */
  List<String> all() {
    return Stream.of(
            below("metadata.", schema.at("/properties/metadata")),
            below("", schema.at("/properties/spec")))
        .flatMap(fields -> fields)
        .toList();
  }

  private Stream<String> below(String prefix, JsonNode object) {
    return object.path("properties").properties().stream()
        .flatMap(
            field -> {
              var type = resolved(field.getValue());
              var path = prefix + field.getKey();
              return type.path("additionalProperties").isObject()
                  ? Stream.of(path + ".NAME")
                  : type.has("properties") ? below(path + ".", type) : Stream.of(path);
            });
  }

  private JsonNode resolved(JsonNode type) {
    return type.has("$ref") ? schema.at(type.path("$ref").asText().substring(1)) : type;
  }
}
