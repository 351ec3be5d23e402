package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.spec.CanaryRun;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads definitions; all problems of one are found together. Comments as in Java are allowed: a
 * definition is written by people.
 */
public final class DefinitionCodec {

  /**
   * The longest definition. Consul takes 512 KiB in one request, and a value grows by a third in
   * it; one of this length also fits beside the status that {@code canary run} writes with it.
   */
  public static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_NESTING = 100;
  private static final int MAX_NUMBER_DIGITS = 50;

  private DefinitionCodec() {}

  /** What came of reading a definition. */
  public sealed interface Result {
    record Valid(CanaryRun run) implements Result {}

    record Invalid(List<Problem> problems) implements Result {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * @param name the last segment of the key, which {@code metadata.name} must equal
   */
  public static Result read(String name, String text) {
    return check(text, name);
  }

  /** A definition that is not in KV yet, under the name that it gives itself. */
  public static Result read(String text) {
    try {
      if (isTooLong(text)) {
        return tooLong();
      }
      return check(text, tree(text).path("metadata").path("name").asText(""));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return notJson(e);
    }
  }

  private static Result check(String text, String name) {
    if (isTooLong(text)) {
      return tooLong();
    }
    try {
      var problems = new ArrayList<Problem>();
      var run = new DefinitionReader(problems).read(Fields.root(tree(text), problems), name);
      return problems.isEmpty()
          ? new Result.Valid(run.orElseThrow())
          : new Result.Invalid(problems);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return notJson(e);
    }
  }

  private static boolean isTooLong(String text) {
    return text.length() > MAX_BYTES || text.getBytes(UTF_8).length > MAX_BYTES;
  }

  private static Result tooLong() {
    return new Result.Invalid(
        List.of(
            new Problem(
                "", "is longer than %d bytes: put the job into a key".formatted(MAX_BYTES))));
  }

  /** The tree of a definition, for a client that changes a field before it writes it. */
  static ObjectNode tree(String text) throws JsonProcessingException {
    if (json(text) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("it must be a JSON object");
  }

  /** A part of a definition. */
  static JsonNode json(String text) throws JsonProcessingException {
    return mapper().readTree(text);
  }

  private static JsonMapper mapper() {
    var mapper =
        JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNumberLength(MAX_NUMBER_DIGITS)
                .build());
    return mapper;
  }

  private static Result notJson(Exception e) {
    var where =
        e instanceof JsonProcessingException json && json.getLocation() != null
            ? "line %d, column %d: "
                .formatted(json.getLocation().getLineNr(), json.getLocation().getColumnNr())
            : "";
    var why = e instanceof JsonProcessingException json ? Json.inWords(json) : e.getMessage();
    return new Result.Invalid(List.of(new Problem("", "is not JSON: " + where + why)));
  }

  /** {@code sha256:…} of the bytes of a definition. */
  public static String digest(String text) {
    try {
      var bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "sha256:" + HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
