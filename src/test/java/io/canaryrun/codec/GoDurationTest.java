package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoDurationTest {
  @Test
  void readsWhatGoWrites() {
    assertEquals(Optional.of(Duration.ofSeconds(90)), GoDuration.parse("1m30s"));
    assertEquals(Optional.of(Duration.ofMillis(500)), GoDuration.parse("500ms"));
    assertEquals(Optional.of(Duration.ofMinutes(90)), GoDuration.parse("1.5h"));
    assertEquals(Optional.of(Duration.ZERO), GoDuration.parse("0"));
    assertEquals(Optional.of(Duration.ofNanos(1_500)), GoDuration.parse("1.5us"));
  }

  @Test
  void takesNothingElse() {
    for (var text : List.of("", "5", "-1s", "1 s", "1d", "s", "1s!", "99999999999999s")) {
      assertEquals(Optional.empty(), GoDuration.parse(text), text);
    }
  }

  @Test
  void writesWhatItReads() {
    for (var text : List.of("1h30m", "1m30s", "500ms", "24h", "0s")) {
      assertEquals(text, GoDuration.format(GoDuration.parse(text).orElseThrow()));
    }
  }
}
