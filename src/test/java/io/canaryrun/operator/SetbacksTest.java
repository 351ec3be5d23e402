package io.canaryrun.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.port.PortFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SetbacksTest {
  private final Logger log = Logger.getLogger(Setbacks.class.getName());
  private final List<String> said = new ArrayList<>();
  private final Setbacks setbacks = new Setbacks("run api");

  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          said.add("%s".formatted(record.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.addHandler(listener);
    log.setUseParentHandlers(false); // A planted error is nobody's business.
  }

  @AfterEach
  void listenNoMore() {
    log.removeHandler(listener);
    log.setUseParentHandlers(true);
  }

  @Test
  void lastingErrorIsToldOnceAndTriedLessAndLessOften() {
    // When
    var pauses =
        Stream.generate(() -> setbacks.failed(new IllegalStateException("planted")))
            .limit(7)
            .map(Duration::toSeconds)
            .toList();

    // Then
    assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), pauses);
    assertEquals(List.of("java.lang.IllegalStateException: planted"), said);
  }

  @Test
  void errorThatComesBackIsToldAgainAndTriedSoon() {
    // Given
    var _ = setbacks.failed(new IllegalStateException("planted"));
    var _ = setbacks.failed(new IllegalStateException("planted"));

    // When
    setbacks.over();
    var pause = setbacks.failed(new IllegalStateException("planted"));

    // Then
    assertEquals(Duration.ofSeconds(1), pause);
    assertEquals(2, said.size());
  }

  @Test
  void lastingRefusalIsToldOnceAndTriedAgainSoon() {
    // When
    var pauses =
        Stream.generate(() -> setbacks.refused(new PortFailure.Denied("no permission")))
            .limit(3)
            .map(Duration::toSeconds)
            .toList();

    // Then
    assertEquals(List.of(1L, 1L, 1L), pauses);
    assertEquals(1, said.size());
  }

  @Test
  void anotherErrorIsToldToo() {
    // When
    var _ = setbacks.failed(new IllegalStateException("planted"));
    var _ = setbacks.failed(new IllegalStateException("another"));

    // Then
    assertEquals(2, said.size());
  }
}
