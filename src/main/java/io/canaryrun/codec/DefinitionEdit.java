package io.canaryrun.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.spec.Metadata;
import java.util.List;

/** Changes what a pipeline changes from release to release in the text of a definition. */
public final class DefinitionEdit {
  private static final List<String> FIELDS =
      List.of("image", "task", "env.NAME", "meta.NAME", "var.NAME", "canary.count");

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
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Sets a field: {@code image}, {@code task}, {@code env.NAME} and {@code meta.NAME} of {@code
   * spec.job.set}, {@code var.NAME} of {@code spec.job.variables}, {@code canary.count}.
   *
   * @throws IllegalArgumentException unknown field, or the value does not fit it
   */
  public DefinitionEdit set(String field, String value) {
    int name = field.indexOf('.') + 1;
    var key = field.substring(name);
    switch (name == field.length() ? "" : name == 0 ? field : field.substring(0, name)) {
      case "image", "task" -> job("nomadJob", field, "set").put(field, value);
      case "env." -> object(job("nomadJob", field, "set"), "env").put(key, value);
      case "meta." -> object(job("nomadJob", field, "set"), "meta").put(key, value);
      case "var." -> job("hcl", field, "variables").put(key, value);
      case "canary." -> canary(field, key, value);
      default -> throw unknown(field);
    }
    return this;
  }

  private void canary(String field, String key, String value) {
    if (!key.equals("count")) {
      throw unknown(field);
    }
    try {
      object(object(definition, "spec"), "canary").put(key, Integer.parseInt(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--set %s: '%s' is not a whole number".formatted(field, value), e);
    }
  }

  private static IllegalArgumentException unknown(String field) {
    return new IllegalArgumentException(
        "--set %s: there is no such field%s; known are %s"
            .formatted(field, DidYouMean.suggest(field, FIELDS), String.join(", ", FIELDS)));
  }

  /** A field of {@code spec.job} that only one source of jobs has. */
  private ObjectNode job(String source, String field, String child) {
    var job = object(object(definition, "spec"), "job");
    if (!job.has(source)) {
      throw new IllegalArgumentException(
          "--set %s: the definition has no /spec/job/%s that it could change"
              .formatted(field, source));
    }
    return object(job, child);
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
