package io.canaryrun.boot;

import io.canaryrun.codec.GoDuration;
import io.canaryrun.operator.AllowList;
import io.canaryrun.operator.OperatorSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes values of what was typed. A setting is read when it is needed, so that a wrong one fails no
 * command that does without it; all wrong ones that are read together are reported together, by the
 * variables that people set. A blank one is not set.
 */
final class SettingsReader {
  private static final Duration SHORTEST_SESSION = Duration.ofSeconds(10);
  private static final Duration LONGEST_SESSION = Duration.ofDays(1);

  /** Beyond, Consul would take a minute without a word. */
  private static final Duration LONGEST_LOCK_DELAY = Duration.ofMinutes(1);

  private static final Duration SHORTEST_KEEPING = Duration.ofSeconds(1);

  /** Ten years: it is taken from the present, which must be possible. */
  private static final Duration LONGEST_KEEPING = Duration.ofDays(3650);

  private final CanarySettings typed;
  private final List<String> problems = new ArrayList<>();

  private SettingsReader(CanarySettings typed) {
    this.typed = typed;
  }

  /**
   * @throws IllegalArgumentException it is wrong
   */
  static String kvPrefix(CanarySettings typed) {
    var reader = new SettingsReader(typed);
    return reader.checked(reader.kvPrefix());
  }

  /**
   * All that an operator needs.
   *
   * @throws IllegalArgumentException some are wrong; a line for each
   */
  static OperatorSettings operator(CanarySettings typed) {
    var reader = new SettingsReader(typed);
    return reader.checked(reader.operator());
  }

  /** Empty where it is not known. */
  static Optional<String> node(CanarySettings typed) {
    return set(typed.agent().node());
  }

  private <T> T checked(T values) {
    if (!problems.isEmpty()) {
      // Each line begins as the first one will.
      throw new IllegalArgumentException(String.join("\ncanary: ", problems));
    }
    return values;
  }

  private OperatorSettings operator() {
    return new OperatorSettings(
        instance(),
        kvPrefix(),
        duration(
            "CANARY_SESSION_TTL",
            typed.session().ttl(),
            CanarySettings.Session.TTL,
            SHORTEST_SESSION,
            LONGEST_SESSION),
        duration(
            "CANARY_SESSION_LOCK_DELAY",
            typed.session().lockDelay(),
            CanarySettings.Session.LOCK_DELAY,
            Duration.ZERO,
            LONGEST_LOCK_DELAY),
        number("CANARY_AGENT_MAX_RUNS", typed.agent().maxRuns(), CanarySettings.Agent.MAX_RUNS),
        number("CANARY_HISTORY_KEEP", typed.history().keep(), CanarySettings.History.KEEP),
        duration(
            "CANARY_HISTORY_KEEP_DELETED",
            typed.history().keepDeleted(),
            CanarySettings.History.KEEP_DELETED,
            SHORTEST_KEEPING,
            LONGEST_KEEPING),
        number(
            "CANARY_STATUS_WRITES_PER_SECOND",
            typed.status().writesPerSecond(),
            CanarySettings.Status.WRITES_PER_SECOND),
        allow(typed.allow()));
  }

  private static AllowList allow(CanarySettings.Allow allow) {
    return new AllowList(
        list(allow.namespaces(), CanarySettings.Allow.NAMESPACES),
        list(allow.jobs(), CanarySettings.Allow.JOBS),
        list(allow.drivers(), CanarySettings.Allow.DRIVERS),
        list(allow.consulKeys(), CanarySettings.Allow.CONSUL_KEYS));
  }

  /** The last part of a key, too. */
  private String instance() {
    return matching(
        "CANARY_AGENT_INSTANCE",
        set(typed.agent().instance()).orElseGet(SettingsReader::hostAndProcess),
        "[A-Za-z0-9._:@-]{1,128}",
        "1 to 128 letters, digits and ._:@-");
  }

  private String kvPrefix() {
    return matching(
        "CANARY_KV_PREFIX",
        set(typed.kvPrefix()).orElse(CanarySettings.KV_PREFIX),
        "([A-Za-z0-9._-]+/)+",
        "like canary/ or teams/a/canary/");
  }

  private String matching(String variable, String text, String pattern, String mend) {
    if (!text.matches(pattern)) {
      problem(variable, text, mend);
    }
    return text;
  }

  private int number(String variable, Optional<String> typed, String fallback) {
    var text = set(typed).orElse(fallback);
    try {
      int value = Integer.parseInt(text);
      if (value >= 1) {
        return value;
      }
    } catch (NumberFormatException wrong) {
      // As one that is too small.
    }
    problem(variable, text, "a whole number, 1 or more");
    return 1; // Nobody is given it: see checked.
  }

  private Duration duration(
      String variable,
      Optional<String> typed,
      String fallback,
      Duration shortest,
      Duration longest) {
    var text = set(typed).orElse(fallback);
    try {
      var value = DurationConverter.parseDuration(text);
      if (value.compareTo(shortest) >= 0 && value.compareTo(longest) <= 0) {
        return value;
      }
    } catch (IllegalArgumentException | ArithmeticException wrong) {
      // As one that is too short or too long.
    }
    problem(variable, text, GoDuration.format(shortest) + " to " + GoDuration.format(longest));
    return shortest; // Nobody is given it: see checked.
  }

  private void problem(String variable, String text, String mend) {
    problems.add("%s is '%s'; it must be %s".formatted(variable, text, mend));
  }

  private static List<String> list(Optional<List<String>> typed, String fallback) {
    return typed
        .map(all -> all.stream().map(String::strip).filter(Predicate.not(String::isEmpty)).toList())
        .filter(Predicate.not(List::isEmpty))
        .orElseGet(() -> List.of(fallback.split(",")));
  }

  private static Optional<String> set(Optional<String> typed) {
    return typed.map(String::strip).filter(Predicate.not(String::isEmpty));
  }

  /** Told apart by people. */
  private static String hostAndProcess() {
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + ProcessHandle.current().pid();
    } catch (UnknownHostException e) {
      return "unknown-" + ProcessHandle.current().pid();
    }
  }
}
