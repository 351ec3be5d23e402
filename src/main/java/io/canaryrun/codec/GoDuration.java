package io.canaryrun.codec;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as Nomad and Consul write them: {@code 500ms}, {@code 1m30s}, {@code 1.5h}. */
public final class GoDuration {
  private static final Pattern WHOLE =
      Pattern.compile("0|(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ns|us|µs|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /** Empty where the text is no duration; negative ones are not taken. */
  public static Optional<Duration> parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    var nanos =
        PART.matcher(text)
            .results()
            .map(
                part ->
                    new BigDecimal(part.group(1))
                        .multiply(BigDecimal.valueOf(NANOS.get(part.group(2)))))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    var whole = nanos.toBigInteger().divideAndRemainder(BigDecimal.TEN.pow(9).toBigInteger());
    return Optional.of(Duration.ofSeconds(whole[0].longValue(), whole[1].longValue()));
  }

  /** The shortest text of whole units: {@code 1m30s}, {@code 500ms}, {@code 0s}. */
  public static String format(Duration duration) {
    var text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long value, String unit) {
    if (value != 0) {
      text.append(value).append(unit);
    }
  }
}
