package io.canaryrun.adapter.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Operations on Consul KV that happen together or not at all; consul-api has none. */
final class Transaction {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConsulConnection consul;
  private final String request;
  private final ArrayNode operations = JSON.createArrayNode();

  /**
   * @param request what it is for, in the messages of failures
   */
  Transaction(ConsulConnection consul, String request) {
    this.consul = consul;
    this.request = request;
  }

  private ObjectNode operation(String verb, String key) {
    return operations.addObject().putObject("KV").put("Verb", verb).put("Key", key);
  }

  /** That the key is locked by that session. */
  Transaction checkSession(String key, String session) {
    operation("check-session", key).put("Session", session);
    return this;
  }

  /** That the key is as it was at that ModifyIndex; 0: that it does not exist. */
  Transaction checkIndex(String key, long index) {
    if (index == 0) {
      operation("check-not-exists", key);
    } else {
      operation("check-index", key).put("Index", index);
    }
    return this;
  }

  /** Writes the key where it is as it was at that ModifyIndex; 0: where it does not exist. */
  Transaction cas(String key, String value, long index) {
    operation("cas", key).put("Value", base64(value.getBytes(UTF_8))).put("Index", index);
    return this;
  }

  Transaction set(String key, byte[] value) {
    operation("set", key).put("Value", base64(value));
    return this;
  }

  /** Removes the key where it is as it was at that ModifyIndex. */
  Transaction deleteCas(String key, long index) {
    operation("delete-cas", key).put("Index", index);
    return this;
  }

  Transaction delete(String key) {
    operation("delete", key);
    return this;
  }

  /** Removes every key that begins like that. */
  Transaction deleteTree(String prefix) {
    operation("delete-tree", prefix);
    return this;
  }

  /** Writes the key and locks it. */
  Transaction lock(String key, String value, String session) {
    return held("lock", key, value, session);
  }

  /** Writes the key and gives its lock back. */
  Transaction unlock(String key, String value, String session) {
    return held("unlock", key, value, session);
  }

  private Transaction held(String verb, String key, String value, String session) {
    operation(verb, key).put("Value", base64(value.getBytes(UTF_8))).put("Session", session);
    return this;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * @return the ModifyIndex of each key that was written; empty: a check did not hold, and nothing
   *     was written
   */
  Optional<Map<String, Long>> commit() {
    var answer = consul.put(request, "/v1/txn", operations.toString());
    if (answer.getStatusCode() == 200) {
      return Optional.of(indexes(parse(answer.getContent())));
    }
    if (answer.getStatusCode() == 409 && !isForbidden(answer.getContent())) {
      return Optional.empty();
    }
    int status = answer.getStatusCode() == 409 ? 403 : answer.getStatusCode();
    throw consul.failure(request, status, answer.getContent());
  }

  /** Consul answers a lack of permission with the status of a conflict. */
  private boolean isForbidden(String content) {
    for (var error : parse(content).path("Errors")) {
      if (error.path("What").asText().contains("ermission denied")) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Long> indexes(JsonNode answer) {
    if (!answer.path("Results").isArray()) {
      throw consul.noAnswer(request, new IOException("an answer without Results is not Consul's"));
    }
    var indexes = new HashMap<String, Long>();
    for (var result : answer.path("Results")) {
      var written = result.path("KV");
      indexes.put(written.path("Key").asText(), written.path("ModifyIndex").asLong());
    }
    return indexes;
  }

  private JsonNode parse(String content) {
    try {
      return JSON.readTree(content);
    } catch (JsonProcessingException e) {
      throw consul.noAnswer(request, e);
    }
  }
}
