package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Whether a stored job is what was submitted.
 *
 * <p>Nomad fills in defaults, moves the job's {@code update} and the like into the groups, and
 * appends implied constraints, identities and sidecars; none of these is a difference. A field that
 * was submitted empty counts as not set.
 */
final class JobComparison {

  /** Of the job itself: moved into its groups, or not stored. */
  private static final Set<String> NOT_KEPT =
      Set.of(
          "Update",
          "Reschedule",
          "Migrate",
          "ConsulToken",
          "VaultToken",
          "ConsulNamespace",
          "VaultNamespace",
          "NomadTokenID");

  private static final String COUNT = "Count";

  private JobComparison() {}

  static boolean isSubmitted(ObjectNode submitted, ObjectNode stored) {
    for (var field : submitted.properties()) {
      var name = field.getKey();
      var same =
          switch (name) {
            case "TaskGroups" -> groups(field.getValue(), stored.path(name));
            case String other when NOT_KEPT.contains(other) -> true;
            default -> contains(field.getValue(), stored.path(name));
          };
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static boolean groups(JsonNode submitted, JsonNode stored) {
    if (submitted.size() != stored.size()) {
      return false;
    }
    for (int i = 0; i < submitted.size(); i++) {
      if (submitted.get(i) instanceof ObjectNode group) {
        var withoutCount = group.deepCopy();
        withoutCount.remove(COUNT);
        if (!contains(withoutCount, stored.get(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean contains(JsonNode submitted, JsonNode stored) {
    if (isUnset(submitted)) {
      return true;
    }
    return switch (submitted) {
      case ObjectNode object ->
          object
              .propertyStream()
              .allMatch(field -> contains(field.getValue(), stored.path(field.getKey())));
      case ArrayNode array -> contains(array, stored);
      case JsonNode value when value.isNumber() && stored.isNumber() ->
          value.decimalValue().compareTo(stored.decimalValue()) == 0;
      case JsonNode value when value.isTextual() && stored.isNumber() ->
          isDuration(value.asText(), stored.asLong());
      case JsonNode value -> value.equals(stored);
    };
  }

  /** Nomad appends to lists, it does not reorder them. */
  private static boolean contains(ArrayNode submitted, JsonNode stored) {
    if (stored.size() < submitted.size()) {
      return false;
    }
    for (int i = 0; i < submitted.size(); i++) {
      if (!contains(submitted.get(i), stored.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnset(JsonNode node) {
    return node.isNull()
        || (node.isContainerNode() && node.isEmpty())
        || (node.isTextual() && node.asText().isEmpty())
        || (node.isNumber() && node.decimalValue().signum() == 0)
        || (node.isBoolean() && !node.asBoolean());
  }

  /** Nomad takes durations as texts and stores nanoseconds. */
  private static boolean isDuration(String text, long nanoseconds) {
    return GoDuration.parse(text).filter(duration -> duration.toNanos() == nanoseconds).isPresent();
  }
}
