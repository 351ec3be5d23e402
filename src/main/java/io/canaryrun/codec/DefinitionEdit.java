package io.canaryrun.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.canaryrun.core.spec.Metadata;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Changes what a pipeline changes from release to release in the text of a definition. */
public final class DefinitionEdit {
  /** Short forms, and the paths that they stand for. */
  private static final Map<String, String> SHORT =
      Map.of(
          "image", "job.set.image",
          "task", "job.set.task",
          "env.", "job.set.env.",
          "meta.", "job.set.meta.",
          "var.", "job.variables.",
          "canary.var.", "canary.job.variables.");

  private final ObjectNode definition;

  private DefinitionEdit(ObjectNode definition) {
    this.definition = definition;
  }

  /**
   * @throws IllegalArgumentException the text is not a JSON object
   */
  public static DefinitionEdit of(String text) {
    try {
      return new DefinitionEdit(DefinitionCodec.tree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON: " + Json.inWords(e), e);
    }
  }

  /**
   * Sets a field, by its path from {@code spec} on ({@code analysis.requests}), from the root on
   * ({@code metadata.labels.team}), or by a short form: {@code image}, {@code task}, {@code
   * env.NAME} and {@code meta.NAME} of {@code job.set}, {@code var.NAME} of {@code job.variables},
   * {@code canary.var.NAME} of {@code canary.job.variables}.
   *
   * @param value of the type that the JSON Schema gives the field; objects and arrays as JSON
   * @throws IllegalArgumentException unknown field, or the value does not fit it
   */
  public DefinitionEdit set(String field, String value) {
    var place = SchemaPaths.OF_DEFINITIONS.find(path(field)).orElseThrow(() -> unknown(field));
    place
        .needs()
        .filter(pointer -> definition.at(pointer).isMissingNode())
        .ifPresent(
            pointer -> {
              throw wrong(field, "the definition has no " + pointer + " that it could change");
            });
    var parent = definition;
    for (var step : place.steps().subList(0, place.steps().size() - 1)) {
      parent = object(parent, step);
    }
    parent.set(place.steps().getLast(), node(field, place.type(), value));
    return this;
  }

  private static String path(String field) {
    return SHORT.entrySet().stream()
        .filter(it -> it.getKey().endsWith(".") && field.startsWith(it.getKey()))
        .findFirst()
        .map(it -> it.getValue() + field.substring(it.getKey().length()))
        .orElseGet(() -> SHORT.getOrDefault(field, field));
  }

  private static JsonNode node(String field, String type, String value) {
    return switch (type) {
      case "integer" -> whole(field, value);
      case "number" -> number(field, value);
      case "object", "array" -> json(field, type, value);
      default -> TextNode.valueOf(value);
    };
  }

  private static JsonNode whole(String field, String value) {
    try {
      return LongNode.valueOf(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw wrong(field, "'%s' is not a whole number".formatted(value));
    }
  }

  private static JsonNode number(String field, String value) {
    try {
      return DecimalNode.valueOf(new BigDecimal(value));
    } catch (NumberFormatException e) {
      throw wrong(field, "'%s' is not a number".formatted(value));
    }
  }

  /** The value may be a secret: no message shows it. */
  private static JsonNode json(String field, String type, String value) {
    try {
      var node = DefinitionCodec.json(value);
      if (node.getNodeType().name().equalsIgnoreCase(type)) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // It is said below.
    }
    throw wrong(field, "the value must be a JSON " + type);
  }

  private static IllegalArgumentException unknown(String field) {
    var shortForms =
        SHORT.keySet().stream().sorted().map(it -> it.endsWith(".") ? it + "NAME" : it).toList();
    var known =
        Stream.concat(shortForms.stream(), SchemaPaths.OF_DEFINITIONS.all().stream()).toList();
    return wrong(
        field,
        "there is no such field%s (short: %s; canary schema shows all)"
            .formatted(suggestion(field, known), String.join(", ", shortForms)));
  }

  /** A word that is near, else a field of that name elsewhere. */
  private static String suggestion(String field, List<String> known) {
    var near = DidYouMean.suggest(field, known);
    var lastStep = "." + field.substring(field.lastIndexOf('.') + 1);
    return known.stream()
        .filter(path -> near.isEmpty() && path.endsWith(lastStep))
        .findFirst()
        .map(path -> "; did you mean " + path + "?")
        .orElse(near);
  }

  private static IllegalArgumentException wrong(String field, String why) {
    return new IllegalArgumentException("--set %s: %s".formatted(field, why));
  }

  private static ObjectNode object(ObjectNode parent, String field) {
    return parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
  }

  /** Makes the same content another generation. */
  public DefinitionEdit rerun(String id) {
    object(object(definition, "metadata"), "annotations").put(Metadata.RERUN, id);
    return this;
  }

  /** The changed definition, indented. */
  public String text() {
    return definition.toPrettyString() + "\n";
  }
}
