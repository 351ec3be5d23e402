package io.canaryrun.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.spec.Metadata;
import java.util.List;
import java.util.stream.Stream;

/** Changes what a pipeline changes from release to release in the text of a definition. */
public final class DefinitionEdit {
  private static final String CANARY = "canary.";
  private static final List<String> OF_JOB =
      List.of("image", "task", "env.NAME", "meta.NAME", "var.NAME");
  private static final List<String> FIELDS =
      Stream.of(OF_JOB.stream(), Stream.of("canary.count"), OF_JOB.stream().map(CANARY::concat))
          .flatMap(fields -> fields)
          .toList();

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
   * spec.job.set}, {@code var.NAME} of {@code spec.job.variables}; the same of {@code
   * spec.canary.job} after {@code canary.}; {@code canary.count}.
   *
   * @throws IllegalArgumentException unknown field, or the value does not fit it
   */
  public DefinitionEdit set(String field, String value) {
    if (field.equals("canary.count")) {
      count(field, value);
    } else if (field.startsWith(CANARY)) {
      job("/spec/canary/job", field, field.substring(CANARY.length()), value);
    } else {
      job("/spec/job", field, field, value);
    }
    return this;
  }

  /**
   * @param name of the field in the job
   */
  private void job(String path, String field, String name, String value) {
    int dot = name.indexOf('.') + 1;
    var key = name.substring(dot);
    switch (dot == 0 ? name : key.isEmpty() ? "" : name.substring(0, dot)) {
      case "image", "task" -> child(path, "nomadJob", field, "set").put(name, value);
      case "env." -> object(child(path, "nomadJob", field, "set"), "env").put(key, value);
      case "meta." -> object(child(path, "nomadJob", field, "set"), "meta").put(key, value);
      case "var." -> child(path, "hcl", field, "variables").put(key, value);
      default -> throw unknown(field);
    }
  }

  private void count(String field, String value) {
    try {
      object(object(definition, "spec"), "canary").put("count", Integer.parseInt(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--set %s: '%s' is not a whole number".formatted(field, value), e);
    }
  }

  private static IllegalArgumentException unknown(String field) {
    return new IllegalArgumentException(
        "--set %s: there is no such field%s (known: %s)"
            .formatted(field, DidYouMean.suggest(field, FIELDS), String.join(", ", FIELDS)));
  }

  /** A field of the job at that path that only one source of jobs has. */
  private ObjectNode child(String path, String source, String field, String child) {
    if (!(definition.at(path) instanceof ObjectNode job) || !job.has(source)) {
      throw new IllegalArgumentException(
          "--set %s: the definition has no %s/%s that it could change"
              .formatted(field, path, source));
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
