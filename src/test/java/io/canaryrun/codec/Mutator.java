package io.canaryrun.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Makes odd texts out of right ones, the same from the same seed. {@code make fuzz} goes on for
 * longer; {@code fuzz.seed} and {@code fuzz.inputs=1} repeat one input.
 */
public final class Mutator {
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final long INPUTS = Long.getLong("fuzz.inputs", 10_000);

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String CHARACTERS = "{}[],:\"\\/*0-.eE+ \u0000\n\ud83dä";
  private static final int DEEP = 1_200;
  private static final int LONG = 20_000;

  private static final List<JsonNode> ODD =
      List.of(
          NODES.nullNode(),
          NODES.booleanNode(true),
          NODES.numberNode(0),
          NODES.numberNode(-1),
          NODES.numberNode(1),
          NODES.numberNode(Integer.MAX_VALUE),
          NODES.numberNode(Long.MAX_VALUE),
          NODES.numberNode(Long.MIN_VALUE),
          NODES.numberNode(BigInteger.TWO.pow(64)),
          NODES.numberNode(0.5),
          NODES.numberNode(Double.MIN_VALUE),
          NODES.numberNode(new BigDecimal("1e-300")),
          NODES.numberNode(new BigDecimal("1e400")),
          NODES.numberNode(Double.NaN),
          NODES.textNode(""),
          NODES.textNode(" "),
          NODES.textNode("/"),
          NODES.textNode("~2"),
          NODES.textNode("${"),
          NODES.textNode("\ud83d"),
          NODES.textNode("\u0000"),
          NODES.textNode("x".repeat(LONG)),
          NODES.textNode("-1s"),
          NODES.textNode("9223372036854775807h"),
          NODES.textNode("1e9h"),
          NODES.textNode("0s"),
          NODES.textNode("+1000000000-12-31T23:59:59Z"),
          NODES.textNode("-1000000000-01-01T00:00:00Z"),
          NODES.textNode("2030-02-30T00:00:00Z"),
          NODES.textNode("http://[::1"),
          NODES.textNode("Succeeded"),
          NODES.textNode("deployment"),
          NODES.arrayNode(),
          NODES.arrayNode().addNull(),
          NODES.arrayNode().add(NODES.arrayNode()),
          NODES.objectNode(),
          NODES.objectNode().putNull(""),
          deep());

  private final Random random;

  /** What is done with one input. */
  public interface Check {
    void accept(Mutator mutator) throws Exception;
  }

  /** For each seed. */
  public static void forAll(Check check) {
    for (long seed = SEED; seed < SEED + INPUTS; seed++) {
      try {
        check.accept(new Mutator(seed));
      } catch (Exception | StackOverflowError | AssertionError e) {
        throw new AssertionError("fuzz.seed=" + seed, e);
      }
    }
  }

  private Mutator(long seed) {
    random = new Random(seed);
  }

  private static JsonNode deep() {
    JsonNode node = NODES.objectNode();
    for (int i = 0; i < DEEP; i++) {
      node = NODES.arrayNode().add(node);
    }
    return node;
  }

  public <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** A text that differs from this one. */
  public String mutated(String text) {
    var changed = random.nextInt(4) > 0 ? mutatedTree(text) : text;
    return changed.equals(text) || random.nextInt(8) == 0 ? mutatedText(changed) : changed;
  }

  public byte[] mutated(byte[] bytes) {
    var changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    return changed;
  }

  private String mutatedText(String text) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(20));
    var cut = text.substring(from, to);
    var instead =
        switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> cut + cut;
          case 2 -> String.valueOf(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
          default -> cut.toUpperCase(Locale.ROOT);
        };
    return text.substring(0, from) + instead + (random.nextInt(9) == 0 ? "" : text.substring(to));
  }

  private String mutatedTree(String text) {
    try {
      var tree = MAPPER.readTree(text);
      for (int i = random.nextInt(3); i >= 0; i--) {
        change(tree);
      }
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      return text; // Not every right text is plain JSON.
    }
  }

  private void change(JsonNode tree) {
    var places = new ArrayList<Consumer<JsonNode>>();
    var values = new ArrayList<JsonNode>();
    collect(tree, places, values);
    if (!places.isEmpty()) {
      var value = random.nextInt(4) == 0 && !values.isEmpty() ? oneOf(values) : oneOf(ODD);
      oneOf(places).accept(value.deepCopy());
    }
  }

  /** Every place where a value can be put, or taken away. */
  private void collect(JsonNode node, List<Consumer<JsonNode>> places, List<JsonNode> values) {
    if (node instanceof ObjectNode object) {
      object.fieldNames().forEachRemaining(name -> places(object, name, places));
      places.add(value -> object.set("odd", value));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        places.add(value -> array.set(index, value));
      }
      places.add(array::add);
    }
    if (node instanceof ContainerNode<?>) {
      node.forEach(
          child -> {
            values.add(child);
            collect(child, places, values);
          });
    }
  }

  private static void places(ObjectNode object, String name, List<Consumer<JsonNode>> places) {
    places.add(value -> object.set(name, value));
    places.add(_ -> object.remove(name));
    places.add(_ -> object.set(name + "s", object.remove(name)));
  }
}
