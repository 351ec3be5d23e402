package io.canaryrun.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** All statuses with their locks, as Consul has them at one moment. */
final class Statuses {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One of them.
   *
   * @param session that has the lock; empty: nobody has it
   * @param owner the daemon that the status names
   */
  record Held(String run, Optional<String> session, String owner, boolean ended) {
    boolean isCarriedBy(String daemon) {
      return !ended && session.isPresent() && owner.equals(daemon);
    }
  }

  private final String consul;
  private final UnaryOperator<String> get;

  /** Where Consul does not answer, there is nothing. */
  Statuses(URI consul) {
    this(consul.toString(), Http::get);
  }

  private Statuses(String consul, UnaryOperator<String> get) {
    this.consul = consul;
    this.get = get;
  }

  /** The same, but it fails with {@link UncheckedIOException} where Consul does not answer. */
  Statuses strict() {
    return new Statuses(consul, Http::demand);
  }

  List<Held> read() {
    var found = new ArrayList<Held>();
    for (var entry : json("/v1/kv/canary/status/?recurse")) {
      found.add(held(entry));
    }
    return found;
  }

  private static Held held(JsonNode entry) {
    try {
      var status = JSON.readTree(entry.path("Value").binaryValue());
      var key = entry.path("Key").asText();
      return new Held(
          key.substring(key.lastIndexOf('/') + 1),
          Optional.ofNullable(entry.get("Session")).map(JsonNode::asText),
          status.at("/owner/instance").asText(),
          !status.path("outcome").isNull());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of daemons, as in {@code canary <instance>}. */
  List<String> sessions() {
    var names = new ArrayList<String>();
    json("/v1/session/list").forEach(session -> names.add(session.path("Name").asText()));
    return names;
  }

  /** Everything that is registered, passing or not. */
  List<String> services() {
    var names = new ArrayList<String>();
    json("/v1/catalog/services").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode json(String path) {
    var text = get.apply(consul + path);
    try {
      return text.isEmpty() ? JSON.createArrayNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
