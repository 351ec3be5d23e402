package io.canaryrun.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/** What all codecs share: trees, and the few shapes that they write alike. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * @throws IllegalArgumentException not a JSON object
   */
  static ObjectNode parse(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw new IllegalArgumentException("not a JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(inWords(e), e);
    }
  }

  /** What is wrong with a text that is no JSON, but not what it says: that may be a secret. */
  static String inWords(JsonProcessingException problem) {
    return problem.getOriginalMessage().replaceFirst("(?s)^(Unrecognized token) '.*?':", "$1:");
  }

  static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // A tree can always be written.
    }
  }

  /** With {@code null} for what is not there: the contract shows every field. */
  static void put(ObjectNode node, String field, Optional<?> value) {
    node.put(field, value.map(Object::toString).orElse(null));
  }

  static void put(ObjectNode node, String field, OptionalLong value) {
    node.put(field, value.isPresent() ? Long.valueOf(value.getAsLong()) : null);
  }

  static Optional<String> text(JsonNode node, String field) {
    return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
  }

  static OptionalLong number(JsonNode node, String field) {
    return node.hasNonNull(field)
        ? OptionalLong.of(node.get(field).asLong())
        : OptionalLong.empty();
  }

  /**
   * @throws IllegalArgumentException not a time
   */
  static Optional<Instant> time(JsonNode node, String field) {
    try {
      return text(node, field).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(field + " is not a time", e);
    }
  }

  /**
   * @throws IllegalArgumentException it is missing
   */
  static <T> T need(Optional<T> value, String field) {
    return value.orElseThrow(() -> new IllegalArgumentException(field + " is missing"));
  }
}
