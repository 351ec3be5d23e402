package io.canaryrun.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP over a Unix domain socket, as Nomad's task API speaks it. */
class UnixSocketTest {
  private static final Duration SILENCE = Duration.ofMillis(300);

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger silences = new AtomicInteger();
  private final AtomicReference<SocketChannel> last = new AtomicReference<>();
  private Path path;
  private ServerSocketChannel server;
  private CloseableHttpClient http;

  /** Answers each request with its own body; one for {@code /silent} not at all. */
  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    path = directory.resolve("api.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Thread.ofVirtual().start(this::accept);
    http = BoundedHttp.client(access(path), Optional.empty(), 2, SILENCE);
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        var connection = server.accept();
        last.set(connection);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException _) {
      // Closed by the test.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      var in = Channels.newInputStream(connection);
      var head = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        head.append((char) next);
        if (!head.toString().endsWith("\r\n\r\n")) {
          continue;
        }
        if (head.toString().contains(" /silent ")) {
          silences.incrementAndGet();
          head.setLength(0);
        } else {
          int length =
              Integer.parseInt(head.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
          var body = in.readNBytes(length);
          head.setLength(0);
          var answer = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(length);
          Channels.newOutputStream(connection).write(answer.getBytes(UTF_8));
          Channels.newOutputStream(connection).write(body);
        }
      }
    } catch (IOException _) {
      // The client has gone.
    }
  }

  @Test
  void requestsGoOverOneConnectionThatIsKept() throws IOException {
    assertEquals("one", echo("one"));
    assertEquals("two", echo("two"));
    assertEquals(1, connections.get());
  }

  /** More than any buffer of the system holds, in both directions. */
  @Test
  void largeRequestsAndAnswersArriveWhole() throws IOException {
    var large = "0123456789".repeat(500_000);

    assertEquals(large, echo(large));
  }

  @Test
  void silenceIsGivenUp() {
    var failure = assertThrows(IOException.class, () -> send(silent()));

    assertInstanceOf(SocketTimeoutException.class, failure);
  }

  /** How an event stream ends. */
  @Test
  void requestThatIsAbortedEndsAtOnce() throws IOException {
    try (var patient =
        BoundedHttp.client(access(path), Optional.empty(), 2, Duration.ofMinutes(1))) {
      // Given
      var request = silent();
      var failure = new AtomicReference<Exception>();
      var _ = Thread.ofVirtual().start(() -> failure.set(failureOf(patient, request)));
      await().until(() -> silences.get() == 1);

      // When
      request.abort();

      // Then
      await().atMost(Duration.ofSeconds(5)).until(() -> failure.get() != null);
    }
  }

  /** How a worker that is told to end breaks its call. */
  @Test
  void interruptEndsTheCallAtOnce() throws IOException {
    try (var patient =
        BoundedHttp.client(access(path), Optional.empty(), 2, Duration.ofMinutes(1))) {
      // Given
      var failure = new AtomicReference<Exception>();
      var thread = Thread.ofVirtual().start(() -> failure.set(failureOf(patient, silent())));
      await().until(() -> silences.get() == 1);

      // When
      thread.interrupt();

      // Then
      await().atMost(Duration.ofSeconds(5)).until(() -> failure.get() != null);
    }
  }

  @Test
  void connectionThatTheServerClosedIsReplaced() throws IOException {
    // Given
    assertEquals("one", echo("one"));
    last.get().close();

    // When
    var failureOrAnswer = twice("two");

    // Then
    assertEquals("two", failureOrAnswer);
  }

  /** The first request after it may meet the closed connection: nothing is sent again by itself. */
  private String twice(String body) throws IOException {
    try {
      return echo(body);
    } catch (IOException _) {
      return echo(body);
    }
  }

  /** Else each of its callers would wait until somebody ends it. */
  @Test
  void agentThatLetsNobodyInIsGivenUp(@TempDir Path directory) throws IOException {
    // Given
    var full = directory.resolve("full.sock");
    var connected = new ArrayList<UnixSocket>();
    try (var nobody = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      nobody.bind(UnixDomainSocketAddress.of(full), 1);

      // When
      var failure =
          assertTimeoutPreemptively(
              Duration.ofSeconds(10),
              () ->
                  assertThrows(
                      IOException.class,
                      () -> {
                        for (int i = 0; i < 10; i++) {
                          connected.add(UnixSocket.connect(full));
                        }
                      }));

      // Then
      assertTrue(failure.getMessage().contains(full.toString()), failure.getMessage());
    } finally {
      for (var socket : connected) {
        socket.close();
      }
    }
  }

  @Test
  void socketThatIsNotThereIsNamed() throws IOException {
    var nowhere = Path.of("/there/is/none.sock");
    try (var client = BoundedHttp.client(access(nowhere), Optional.empty(), 1, SILENCE)) {
      var failure = assertThrows(IOException.class, () -> client.execute(silent()));

      assertTrue(
          access(nowhere).inWords(failure).contains("unix:///there/is/none.sock"),
          access(nowhere).inWords(failure));
    }
  }

  private static Exception failureOf(CloseableHttpClient http, HttpUriRequest request) {
    try (var _ = http.execute(request)) {
      return null;
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  private String echo(String body) throws IOException {
    return send(
        RequestBuilder.put("http://localhost:80/echo").setEntity(new StringEntity(body)).build());
  }

  private static HttpUriRequest silent() {
    return RequestBuilder.get("http://localhost:80/silent").build();
  }

  private String send(HttpUriRequest request) throws IOException {
    try (var response = http.execute(request)) {
      return EntityUtils.toString(response.getEntity());
    }
  }

  private static Access access(Path socket) {
    return new Access(
        "Nomad",
        "NOMAD_ADDR",
        AgentAddress.of("NOMAD_ADDR", "unix://" + socket, Optional.empty()),
        "X-Nomad-Token",
        Token.fixed("NOMAD_TOKEN", Optional.empty()),
        TlsSettings.of(new Environment(Map.of()), "NOMAD", false));
  }
}
