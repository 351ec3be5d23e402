package io.canaryrun.adapter.counters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.port.CounterSource.Canary;
import io.canaryrun.port.Scheduler;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VertxCounterSourceTest {
  private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:42Z");
  private static final Counters COUNTERS = counters(Duration.ofSeconds(60));
  private static final RawServer.Answer HANG = _ -> Thread.sleep(Duration.ofMinutes(1));

  private static final Vertx VERTX = Vertx.vertx();
  private static final VertxCounterSource SOURCE =
      new VertxCounterSource(VERTX, new WallClockAtNow());

  @AfterAll
  static void close() {
    SOURCE.close();
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsBothNumbersWhereThePointersSay() throws IOException {
    var body =
        """
        {"uptime": 1.5, "errorCount": 2, "requestCount": 9007199254740992, "more": []}
        """;
    assertEquals(new Counted(9_007_199_254_740_992L, 2), readOne(RawServer.json(body)));
  }

  @Test
  void failsOnARefusedConnection() throws IOException {
    // Given
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    // When
    var result = readOne("127.0.0.1:" + port, COUNTERS);

    // Then
    assertTrue(
        result instanceof Failed(var why) && why.contains("Connection refused"), result::toString);
  }

  @Test
  void failsOnAnAddressThatIsNone() {
    assertEquals(new Failed("the address \"\" is not host:port"), readOne("", COUNTERS));
  }

  @Test
  void failsOnAConnectionThatClosesWithoutAnAnswer() throws IOException {
    assertEquals(
        new Failed("Connection was closed"),
        readOne(
            _ -> {
              throw new IOException("gone");
            }));
  }

  @Test
  void failsOnAnAnswerThatIsNoHttp() throws IOException {
    var result = readOne(out -> out.write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(UTF_8)));

    assertTrue(result instanceof Failed, result::toString);
  }

  @ParameterizedTest
  @CsvSource({"404 Not Found", "500 Internal Server Error", "204 No Content", "503 Busy"})
  void failsOnEveryStatusBut200(String status) throws IOException {
    var body = "{\"errorCount\":0,\"requestCount\":1}";
    assertEquals(
        new Failed("answered " + status),
        readOne(RawServer.text(status, status.startsWith("204") ? "" : body)));
  }

  @Test
  void followsNoRedirect() throws IOException {
    // Given
    try (var other = new RawServer(RawServer.json("{\"errorCount\":0,\"requestCount\":1}"))) {
      var location = "Location: http://" + other.address() + "/";

      // When
      var result =
          readOne(
              out ->
                  out.write(
                      ("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + location + "\r\n\r\n")
                          .getBytes(UTF_8)));

      // Then
      assertEquals(new Failed("answered 302 Found, and redirects are not followed"), result);
      assertEquals(0, other.connections.get());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><html></html> | not JSON: <!DOCTYPE html><html></html>",
        "'' | the answer is empty",
        "{\"errorCount\":0,\"requestCount\":1} x | not JSON: {\"errorCount\":0,\"requestCount\":1} x",
        "{\"errorCount\":1,\"errorCount\":0,\"requestCount\":1}"
            + " | not JSON: {\"errorCount\":1,\"errorCount\":0,\"requestCount\":1}",
        "[1,2] | /requestCount is missing",
        "7 | /requestCount is missing",
        "{\"requestCount\":1} | /errorCount is missing",
        "{\"requestCount\":1,\"errorCount\":null} | /errorCount is null, not a number",
        "{\"requestCount\":1,\"errorCount\":\"0\"} | '/errorCount is \"0\", not a number'",
        "{\"requestCount\":1,\"errorCount\":-1} | /errorCount is -1, below 0",
        "{\"requestCount\":1.5,\"errorCount\":0} | /requestCount is 1.5, not a whole number",
        "{\"requestCount\":5.0,\"errorCount\":0} | /requestCount is 5.0, not a whole number",
        "{\"requestCount\":9007199254740993,\"errorCount\":0}"
            + " | /requestCount is 9007199254740993, beyond 2^53",
        "{\"requestCount\":99999999999999999999,\"errorCount\":0}"
            + " | /requestCount is 99999999999999999999, beyond 2^53",
      })
  void failsOnWhatIsNoCount(String body, String why) throws IOException {
    assertEquals(new Failed(why), readOne(RawServer.json(body)));
  }

  @Test
  void showsOnlyTheBeginningOfAStrangeAnswer() throws IOException {
    assertEquals(
        new Failed("not JSON: " + "y".repeat(60) + "…"), readOne(RawServer.json("y".repeat(900))));
  }

  @Test
  void takesAnAnswerOf64KiB() throws IOException {
    var counts = "{\"errorCount\":0,\"requestCount\":1}";
    var body = counts + " ".repeat(Poll.MAX_BODY_BYTES - counts.length());

    assertEquals(new Counted(1, 0), readOne(RawServer.json(body)));
    assertEquals(
        new Failed("the answer is longer than 64 KiB"), readOne(RawServer.json(body + " ")));
  }

  @Test
  void stopsReadingAnEndlessAnswerAtOnce() throws IOException {
    // Given
    var chunk = new byte[64 * 1024];
    try (var server =
        new RawServer(
            out -> {
              out.write("HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n".getBytes(UTF_8));
              for (int sent = 0; sent < 800; sent++) {
                out.write(chunk);
              }
            })) {

      // When
      var result = readOne(server.address(), COUNTERS);

      // Then
      assertEquals(new Failed("the answer is longer than 64 KiB"), result);
      assertTrue(server.written.get() < 52_428_800, () -> server.written + " bytes were taken");
    }
  }

  @Test
  void limitsTheWholeReadNotThePauseBetweenBytes() throws IOException {
    RawServer.Answer drip =
        out -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
          for (int i = 0; i < 1000; i++) {
            out.write(' ');
            Thread.sleep(20);
          }
        };
    try (var server = new RawServer(drip)) {
      var start = System.nanoTime();

      var result = readOne(server.address(), counters(Duration.ofMillis(300)));

      assertEquals(new Failed("no complete answer within 300 ms"), result);
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1_500);
    }
  }

  @Test
  void aHangingCanaryDelaysNoOther() throws IOException {
    // Given
    try (var hanging = new RawServer(HANG);
        var good = new RawServer(RawServer.json("{\"errorCount\":0,\"requestCount\":7}"))) {
      var canaries =
          List.of(
              new Canary("hangs", hanging.address(), STARTED),
              new Canary("answers", good.address(), STARTED));
      var readings = new ArrayList<Reading>();
      var first = new AtomicInteger();
      long start = System.nanoTime();

      // When
      SOURCE.read(
          canaries,
          counters(Duration.ofSeconds(2)),
          reading -> {
            readings.add(reading);
            first.compareAndSet(0, (int) Duration.ofNanos(System.nanoTime() - start).toMillis());
          });

      // Then
      assertEquals(
          List.of(
              new Reading("answers", STARTED, NOW, new Counted(7, 0)),
              new Reading("hangs", STARTED, NOW, new Failed("no complete answer within 2000 ms"))),
          readings);
      assertTrue(first.get() < 1_500, () -> "the first reading came after " + first + " ms");
    }
  }

  @Test
  void givesReadingsOnTheCallersThread() throws IOException {
    try (var server = new RawServer(RawServer.json("{\"errorCount\":0,\"requestCount\":1}"))) {
      var threads = new ArrayList<Thread>();

      SOURCE.read(canaries(server, 3), COUNTERS, _ -> threads.add(Thread.currentThread()));

      assertEquals(Collections.nCopies(3, Thread.currentThread()), threads);
    }
  }

  @Test
  void keepsConnectionsButFewOfThem() throws IOException {
    try (var server = new RawServer(RawServer.json("{\"errorCount\":0,\"requestCount\":1}"))) {
      for (int i = 0; i < 20; i++) {
        assertEquals(new Counted(1, 0), readOne(server.address(), COUNTERS));
      }
      SOURCE.read(canaries(server, 20), COUNTERS, _ -> {});
      assertTrue(server.connections.get() <= 2, () -> server.connections + " connections");
    }
  }

  @Test
  void interruptingTheCallerEndsItAtOnce() throws Exception {
    // Given
    try (var hanging = new RawServer(HANG)) {
      var interrupted = new AtomicBoolean();
      var readings = new ArrayList<Reading>();
      var reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    SOURCE.read(
                        canaries(hanging, 1), counters(Duration.ofMinutes(1)), readings::add);
                    interrupted.set(Thread.currentThread().isInterrupted());
                  });
      await().atMost(10, SECONDS).until(() -> hanging.connections.get() == 1);

      // When
      reader.interrupt();

      // Then
      assertTrue(reader.join(Duration.ofSeconds(60)), "the caller still waits");
      assertTrue(interrupted.get(), "the interruption was swallowed");
      assertEquals(List.of(), readings);
    }
  }

  @Test
  void readsOverIpv6() throws IOException {
    try (var server =
        new RawServer("::1", RawServer.json("{\"errorCount\":0,\"requestCount\":3}"))) {
      assertEquals(new Counted(3, 0), readOne("[::1]:" + server.port(), COUNTERS));
    }
  }

  @Test
  void readsNothingOfNobody() {
    SOURCE.read(List.of(), COUNTERS, reading -> assertEquals(null, reading));
  }

  private static List<Canary> canaries(RawServer server, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Canary("alloc-" + i, server.address(), STARTED))
        .toList();
  }

  private static Reading.Result readOne(RawServer.Answer answer) throws IOException {
    try (var server = new RawServer(answer)) {
      return readOne(server.address(), COUNTERS);
    }
  }

  private static Reading.Result readOne(String address, Counters counters) {
    var readings = new ArrayList<Reading>();
    SOURCE.read(List.of(new Canary("alloc", address, STARTED)), counters, readings::add);
    assertEquals(1, readings.size(), readings::toString);
    assertEquals(
        new Reading("alloc", STARTED, NOW, readings.getFirst().result()), readings.getFirst());
    return readings.getFirst().result();
  }

  private static Counters counters(Duration timeout) {
    return new Counters(
        "http",
        "/api/errorAndRequestCount",
        "/errorCount",
        "/requestCount",
        Duration.ofSeconds(1),
        timeout,
        Duration.ofSeconds(10));
  }

  /** Real time for the limits, one instant for the readings. */
  private static final class WallClockAtNow implements Scheduler {
    @Override
    public Instant now() {
      return NOW;
    }

    @Override
    public Duration monotonic() {
      return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public Task start(String name, Runnable work) {
      throw new UnsupportedOperationException("reading starts no thread");
    }

    @Override
    public Signal signal() {
      throw new UnsupportedOperationException("reading waits for nobody");
    }
  }
}
