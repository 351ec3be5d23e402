package com.hashicorp.nomad.javasdk;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.hashicorp.nomad.apimodel.Job;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * Takes the place of the class of this name in nomad-sdk, which does not load with a current
 * Jackson. The other classes of nomad-sdk call these methods, so their names are not ours.
 *
 * <p>Times are read as ISO 8601 with any number of digits; those of Nomad have nine.
 */
public final class NomadJson {
  static final ObjectMapper OBJECT_MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private NomadJson() {}

  /** The envelope in which people and Nomad's command line keep a job. */
  private record JobSpec(@JsonProperty("Job") Job job) {}

  public static Job readJobSpec(String json) throws IOException {
    return OBJECT_MAPPER.readValue(json, JobSpec.class).job();
  }

  public static String asJobSpec(Job job) throws JsonProcessingException {
    return OBJECT_MAPPER.writeValueAsString(new JobSpec(job));
  }

  public static String serialize(Object value) {
    try {
      return OBJECT_MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new RequestSerializationException(
          value.getClass().getName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
    }
  }

  public static <T> T deserialize(String json, Class<T> type) throws IOException {
    return OBJECT_MAPPER.readValue(json, type);
  }

  public static <T> List<T> deserializeList(String json, Class<T> type) throws IOException {
    return deserialize(json, listOf(type));
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // JsonParser of nomad-sdk calls it so.
  static <T> T deserialize(String json, JavaType type) throws IOException {
    return OBJECT_MAPPER.readValue(json, type);
  }

  static <T> JsonParser<T> parserFor(JavaType type) {
    return new JsonParser<>(type);
  }

  static <T> JsonParser<T> parserFor(Class<T> type) {
    return parserFor(OBJECT_MAPPER.constructType(type));
  }

  static <T> JsonParser<List<T>> parserForListOf(Class<T> type) {
    return parserFor(listOf(type));
  }

  static <T> ValueExtractor<List<T>> parserForSortedListOf(Class<T> type, Comparator<T> order) {
    JsonParser<List<T>> parser = parserForListOf(type);
    return json -> {
      var values = parser.extractValue(json);
      if (values != null) {
        values.sort(order);
      }
      return values;
    };
  }

  private static JavaType listOf(Class<?> type) {
    return OBJECT_MAPPER.getTypeFactory().constructCollectionType(List.class, type);
  }
}
