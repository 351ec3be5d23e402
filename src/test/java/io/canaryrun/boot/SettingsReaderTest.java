package io.canaryrun.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.canaryrun.operator.AllowList;
import io.canaryrun.operator.OperatorSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final Map<String, String> NAMED = Map.of("canary.agent.instance", "node-1");

  private static final OperatorSettings DEFAULTS =
      new OperatorSettings(
          "node-1",
          "canary/",
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          200,
          20,
          Duration.ofDays(30),
          50,
          new AllowList(
              List.of("default"),
              List.of("*"),
              List.of("docker", "podman", "exec", "exec2", "java"),
              List.of("canary/jobs/*")));

  @Test
  void whatIsNotSetHasItsDefault() {
    assertEquals(DEFAULTS, operator(Map.of()));
    assertEquals(Optional.empty(), SettingsReader.node(typed(Map.of())));
  }

  /** Every setting but its name, and then that, which is another in each process. */
  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void whatIsBlankHasItsDefault(String blank) {
    // Given
    var all =
        ConfigurationTest.properties().stream()
            .filter(property -> !NAMED.containsKey(property))
            .collect(Collectors.toMap(Function.identity(), _ -> blank));

    // Then
    assertEquals(DEFAULTS, operator(all));
    assertEquals(Optional.empty(), SettingsReader.node(typed(all)));
    assertEquals(
        operator(Map.of("canary.agent.instance", blank)).instance(),
        SettingsReader.operator(typed(Map.of())).instance());
  }

  @Test
  void everySettingIsRead() {
    assertEquals(
        new OperatorSettings(
            "daemon",
            "a/",
            Duration.ofMinutes(1),
            Duration.ZERO,
            1,
            2,
            Duration.ofHours(1),
            3,
            new AllowList(List.of("x", "y"), List.of("j"), List.of("raw_exec"), List.of("k/*"))),
        operator(
            Map.ofEntries(
                Map.entry("canary.agent.instance", " daemon "),
                Map.entry("canary.kv-prefix", "a/"),
                Map.entry("canary.session.ttl", "1m"),
                Map.entry("canary.session.lock-delay", "0s"),
                Map.entry("canary.agent.max-runs", " 1"),
                Map.entry("canary.history.keep", "2"),
                Map.entry("canary.history.keep-deleted", "1h"),
                Map.entry("canary.status.writes-per-second", "3"),
                Map.entry("canary.allow.namespaces", " x, y ,"),
                Map.entry("canary.allow.jobs", "j"),
                Map.entry("canary.allow.drivers", "raw_exec"),
                Map.entry("canary.allow.consul-keys", "k/*"))));
    assertEquals(Optional.of("n1"), SettingsReader.node(typed(Map.of("canary.agent.node", "n1"))));
  }

  @ParameterizedTest
  @CsvSource({"10s, 10", "24h, 86400", "90, 90", "1h30m, 5400", "PT10S, 10", "1d, 86400"})
  void durationIsTyped(String text, long seconds) {
    assertEquals(
        Duration.ofSeconds(seconds), operator(Map.of("canary.session.ttl", text)).sessionTtl());
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "0", "-1", "1.5", "1 000", "99999999999"})
  void numberIsWholeAndPositive(String text) {
    for (var setting : List.of("agent.max-runs", "history.keep", "status.writes-per-second")) {
      assertRefused(setting, text, "a whole number, 1 or more");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "session.ttl, 10s to 24h, 9s",
    "session.ttl, 10s to 24h, 24h1s",
    "session.ttl, 10s to 24h, soon",
    "session.ttl, 10s to 24h, 10s!",
    "session.ttl, 10s to 24h, -10s",
    "session.ttl, 10s to 24h, 99999999999999999d",
    "session.ttl, 10s to 24h, 99999999999999999999s",
    "session.lock-delay, 0s to 1m, -1s",
    "session.lock-delay, 0s to 1m, 61s",
    "history.keep-deleted, 1s to 87600h, 0",
    "history.keep-deleted, 1s to 87600h, 87601h"
  })
  void durationIsWithinItsBounds(String setting, String bounds, String text) {
    assertRefused(setting, text, bounds);
  }

  @Test
  void textHasItsForm() {
    assertRefused("agent.instance", "a/b", "1 to 128 letters, digits and ._:@-");
    assertRefused("kv-prefix", "canary", "like canary/ or teams/a/canary/");
  }

  @Test
  void prefixAloneIsReadWhateverElseIsWrong() {
    // Given
    var typed = typed(Map.of("canary.agent.max-runs", "abc", "canary.kv-prefix", "a/"));

    // Then
    assertEquals("a/", SettingsReader.kvPrefix(typed));
    assertThrows(
        IllegalArgumentException.class,
        () -> SettingsReader.kvPrefix(typed(Map.of("canary.kv-prefix", "a"))));
  }

  @Test
  void allThatIsWrongIsToldTogether() {
    // Given
    var wrong = Map.of("canary.agent.max-runs", "abc", "canary.session.ttl", "1s");

    // Then
    assertEquals(
        "CANARY_SESSION_TTL is '1s'; it must be 10s to 24h\n"
            + "canary: CANARY_AGENT_MAX_RUNS is 'abc'; it must be a whole number, 1 or more",
        refusal(wrong));
  }

  private static void assertRefused(String setting, String text, String mend) {
    var property = "canary." + setting;
    assertEquals(
        "%s is '%s'; it must be %s".formatted(ConfigurationTest.variable(property), text, mend),
        refusal(Map.of(property, text)));
  }

  private static String refusal(Map<String, String> properties) {
    return assertThrows(IllegalArgumentException.class, () -> operator(properties)).getMessage();
  }

  private static OperatorSettings operator(Map<String, String> properties) {
    var all = new HashMap<>(NAMED);
    all.putAll(properties);
    return SettingsReader.operator(typed(all));
  }

  /** By the same mapping as the program. */
  private static CanarySettings typed(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withMapping(CanarySettings.class)
        .withSources(new PropertiesConfigSource(properties, "typed", 300))
        .build()
        .getConfigMapping(CanarySettings.class);
  }
}
