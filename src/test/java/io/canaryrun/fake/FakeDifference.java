package io.canaryrun.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.canaryrun.core.observation.Difference;
import io.canaryrun.core.observation.Difference.Field;
import io.canaryrun.core.observation.Difference.Kind;
import io.canaryrun.core.observation.Difference.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What two specifications differ in, as Nomad tells it; lists other than groups and tasks apart.
 */
final class FakeDifference {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.missingNode();
  private static final Set<String> MAPS = Set.of("Meta", "Env");
  private static final Map<Level, String> PARTS =
      Map.of(Level.JOB, "TaskGroups", Level.GROUP, "Tasks");

  private FakeDifference() {}

  /**
   * @param before missing where there is no such job
   */
  static Difference of(Level level, String name, JsonNode before, JsonNode after) {
    var fields = new ArrayList<Field>();
    var parts = new ArrayList<Difference>();
    for (var key : keys(before, after)) {
      var old = before.path(key);
      var now = after.path(key);
      if (MAPS.contains(key)) {
        keys(old, now)
            .forEach(it -> field(fields, "%s[%s]".formatted(key, it), old.path(it), now.path(it)));
      } else if (key.equals(PARTS.get(level))) {
        parts.addAll(named(level == Level.JOB ? Level.GROUP : Level.TASK, old, now));
      } else if (old.isObject() || now.isObject()) {
        parts.add(of(Level.BLOCK, key, old, now));
      } else if (!old.isArray() && !now.isArray()) {
        field(fields, key, old, now);
      }
    }
    parts.removeIf(part -> part.kind() == Kind.SAME && part.level() != Level.GROUP);
    var same = fields.isEmpty() && parts.stream().allMatch(part -> part.kind() == Kind.SAME);
    return new Difference(kind(before, after, same), level, name, fields, parts, List.of());
  }

  private static List<Difference> named(Level level, JsonNode before, JsonNode after) {
    var old = byName(before);
    var now = byName(after);
    var names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    return names.stream()
        .map(
            name ->
                of(level, name, old.getOrDefault(name, NOTHING), now.getOrDefault(name, NOTHING)))
        .toList();
  }

  private static Map<String, JsonNode> byName(JsonNode list) {
    var byName = new TreeMap<String, JsonNode>();
    list.forEach(it -> byName.put(it.path("Name").asText(), it));
    return byName;
  }

  private static Set<String> keys(JsonNode before, JsonNode after) {
    var keys = new TreeSet<String>();
    before.fieldNames().forEachRemaining(keys::add);
    after.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static void field(List<Field> fields, String name, JsonNode before, JsonNode after) {
    if (!before.asText("").equals(after.asText(""))) {
      fields.add(
          new Field(
              kind(before, after, false), name, before.asText(""), after.asText(""), List.of()));
    }
  }

  private static Kind kind(JsonNode before, JsonNode after, boolean same) {
    if (before.isMissingNode() && !after.isMissingNode()) {
      return Kind.ADDED;
    }
    if (after.isMissingNode() && !before.isMissingNode()) {
      return Kind.REMOVED;
    }
    return same ? Kind.SAME : Kind.CHANGED;
  }
}
