package io.canaryrun.adapter.counters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.observation.Line;
import io.canaryrun.core.spec.Counters;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Finds the two numbers in what a canary answered, and trusts nothing that is not plainly one. */
final class CountersBody {
  /** Up to here, every program that counts in floating point counts exactly. */
  private static final BigInteger MAX_COUNT = BigInteger.valueOf(Reading.Counted.MAX);

  /** How much of a strange answer is shown. */
  private static final int MAX_SHOWN_CHARS = 60;

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .reader();

  private CountersBody() {}

  static Reading.Result read(byte[] body, Counters counters) {
    try {
      var json = JSON.readTree(body);
      if (json.isMissingNode()) {
        return new Reading.Failed("the answer is empty");
      }
      return new Reading.Counted(count(json, counters.requests()), count(json, counters.errors()));
    } catch (Untrustworthy e) {
      return new Reading.Failed(e.getMessage());
    } catch (IOException _) {
      return new Reading.Failed("not JSON: " + shown(new String(body, StandardCharsets.UTF_8)));
    }
  }

  private static long count(JsonNode json, String pointer) throws Untrustworthy {
    var value = json.at(JsonPointer.compile(pointer));
    if (value.isMissingNode()) {
      throw new Untrustworthy(pointer + " is missing");
    }
    if (!value.isNumber()) {
      throw new Untrustworthy(pointer + " is " + shown(value.toString()) + ", not a number");
    }
    if (!value.isIntegralNumber()) {
      throw new Untrustworthy(pointer + " is " + shown(value.toString()) + ", not a whole number");
    }
    var count = value.bigIntegerValue();
    if (count.signum() < 0) {
      throw new Untrustworthy(pointer + " is " + shown(value.toString()) + ", below 0");
    }
    if (count.compareTo(MAX_COUNT) > 0) {
      throw new Untrustworthy(pointer + " is " + shown(value.toString()) + ", beyond 2^53");
    }
    return count.longValueExact();
  }

  private static String shown(String text) {
    var line = Line.of(text.strip().replaceAll("\\s+", " "));
    return line.length() <= MAX_SHOWN_CHARS ? line : line.substring(0, MAX_SHOWN_CHARS) + "…";
  }

  private static final class Untrustworthy extends Exception {
    private static final long serialVersionUID = 1L;

    Untrustworthy(String message) {
      super(message, null, false, false);
    }
  }
}
