package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One object of a definition, read field by field. Whatever is wrong becomes a problem, and reading
 * goes on with the default, so that all problems are found together.
 */
final class Fields {
  private final String pointer;
  private final ObjectNode node;
  private final List<Problem> problems;
  private final TreeSet<String> known = new TreeSet<>();

  private Fields(String pointer, ObjectNode node, List<Problem> problems) {
    this.pointer = pointer;
    this.node = node;
    this.problems = problems;
  }

  static Fields root(ObjectNode node, List<Problem> problems) {
    return new Fields("", node, problems);
  }

  /** The object in a field; an empty one where it is missing. */
  Fields object(String field) {
    return optional(field).orElseGet(() -> new Fields(at(field), Json.object(), problems));
  }

  /** The object in a field. */
  Optional<Fields> optional(String field) {
    return value(field)
        .flatMap(
            value -> {
              if (value instanceof ObjectNode object) {
                return Optional.of(new Fields(at(field), object, problems));
              }
              wrongType(field, "an object", value);
              return Optional.empty();
            });
  }

  /** The objects in an array. */
  List<Fields> objects(String field) {
    var value = value(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray()) {
      wrongType(field, "an array of objects", value.get());
      return List.of();
    }
    var objects = new ArrayList<Fields>();
    for (int i = 0; i < value.get().size(); i++) {
      if (value.get().get(i) instanceof ObjectNode object) {
        objects.add(new Fields(at(field) + "/" + i, object, problems));
      } else {
        problem(field + "/" + i, "must be an object");
      }
    }
    return objects;
  }

  Optional<String> text(String field) {
    return value(field)
        .flatMap(
            value -> {
              if (value.isTextual()) {
                return Optional.of(value.asText());
              }
              wrongType(field, "a string", value);
              return Optional.empty();
            });
  }

  String text(String field, String byDefault) {
    return text(field).orElse(byDefault);
  }

  /** A text that must fulfil a rule. */
  String text(String field, String byDefault, Predicate<String> rule, String ruleInWords) {
    var text = text(field).orElse(byDefault);
    if (!rule.test(text)) {
      problem(field, "is \"" + shown(text) + "\"; it must be " + ruleInWords);
      return byDefault;
    }
    return text;
  }

  /** One of some words. */
  String word(String field, String byDefault, List<String> words) {
    var word = text(field).orElse(byDefault);
    if (!words.contains(word)) {
      problem(
          field,
          "is %s; it must be one of %s%s"
              .formatted(
                  has(field) ? "\"" + shown(word) + "\"" : "missing",
                  String.join(", ", words),
                  DidYouMean.suggest(word, words)));
      return byDefault;
    }
    return word;
  }

  long whole(String field, long byDefault, long least, long most) {
    return value(field)
        .map(
            value -> {
              if (!value.isIntegralNumber()
                  || !value.canConvertToLong()
                  || value.asLong() < least
                  || value.asLong() > most) {
                problem(
                    field,
                    "is %s; it must be a whole number from %d to %d"
                        .formatted(shown(value.toString()), least, most));
                return byDefault;
              }
              return value.asLong();
            })
        .orElse(byDefault);
  }

  /** A number between 0 and 1, both excluded. */
  Optional<Double> share(String field) {
    return value(field)
        .flatMap(
            value -> {
              if (value.isNumber() && value.asDouble() > 0 && value.asDouble() < 1) {
                return Optional.of(value.asDouble());
              }
              problem(
                  field,
                  "is %s; it must be a number between 0 and 1".formatted(shown(value.toString())));
              return Optional.empty();
            });
  }

  Duration duration(String field, String byDefault, Duration least, Duration most) {
    var fallback = GoDuration.parse(byDefault).orElseThrow();
    return text(field)
        .map(
            text -> {
              var duration = GoDuration.parse(text);
              if (duration
                  .filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0)
                  .isEmpty()) {
                problem(
                    field,
                    "is \"%s\"; it must be a duration like \"1m30s\" from %s to %s"
                        .formatted(shown(text), GoDuration.format(least), GoDuration.format(most)));
                return fallback;
              }
              return duration.get();
            })
        .orElse(fallback);
  }

  /** Texts by name, which may be secrets. */
  Map<String, String> texts(String field) {
    var texts = new LinkedHashMap<String, String>();
    optional(field)
        .ifPresent(
            object ->
                object.names().stream()
                    .filter(object::has)
                    .forEach(
                        name ->
                            object
                                .secret(name, _ -> true, "a string")
                                .ifPresent(text -> texts.put(name, text))));
    return texts;
  }

  /** A text that must be there and fulfil a rule, and that no problem shows. */
  Optional<String> secret(String field, Predicate<String> rule, String ruleInWords) {
    var text = value(field).filter(JsonNode::isTextual).map(JsonNode::asText).filter(rule);
    if (text.isEmpty()) {
      problem(field, "must be " + ruleInWords);
    }
    return text;
  }

  /** The texts of an array, each one of some words. */
  List<String> words(String field, List<String> byDefault, List<String> words) {
    var value = value(field);
    if (value.isEmpty()) {
      return byDefault;
    }
    if (!value.get().isArray()) {
      wrongType(field, "an array of strings", value.get());
      return byDefault;
    }
    var found = new ArrayList<String>();
    for (int i = 0; i < value.get().size(); i++) {
      var word = value.get().get(i).asText();
      if (words.contains(word)) {
        found.add(word);
      } else {
        problem(
            field + "/" + i,
            "is \"%s\"; it must be one of %s".formatted(shown(word), String.join(", ", words)));
      }
    }
    return found;
  }

  /** Any JSON. */
  Optional<JsonNode> any(String field) {
    return value(field);
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  Collection<String> names() {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  void problem(String field, String message) {
    problems.add(new Problem(field.isEmpty() ? pointer : at(field), message));
  }

  /** To be called last: what was not asked for is not known. */
  void refuseOthers() {
    for (var name : names()) {
      if (!known.contains(name)) {
        problem(name, "is not a known field" + DidYouMean.suggest(name, known));
      }
    }
  }

  private Optional<JsonNode> value(String field) {
    known.add(field);
    return node.hasNonNull(field) ? Optional.of(node.get(field)) : Optional.empty();
  }

  private void wrongType(String field, String expected, JsonNode value) {
    problem(field, "is %s; it must be %s".formatted(shown(value), expected));
  }

  /** Whatever is inside may be a secret. */
  private static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      default -> shown(value.toString());
    };
  }

  /** RFC 6901. */
  private String at(String field) {
    return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
  }

  private static String shown(String text) {
    return text.length() <= 60 ? text : text.substring(0, 59) + "…";
  }
}
