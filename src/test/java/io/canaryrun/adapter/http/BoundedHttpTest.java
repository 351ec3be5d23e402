package io.canaryrun.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.StringEntity;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all requests to Nomad and Consul have in common. */
class BoundedHttpTest {
  private static final String HEADER = "X-Token";
  private static final Token NO_TOKEN = Token.fixed("TOKEN", Optional.empty());

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong written = new AtomicLong();
  private HttpServer server;
  private final AtomicLong nanos = new AtomicLong();
  private volatile String accepted = "new";
  private volatile int refusal = 403;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.createContext("/guarded", this::guarded);
    server.createContext("/endless", this::endless);
    server.createContext("/long", BoundedHttpTest::announced);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void guarded(HttpExchange exchange) throws IOException {
    var token = exchange.getRequestHeaders().getFirst(HEADER);
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    requests.add("%s %s".formatted(token, body).strip());
    answer(exchange, accepted.equals(token) ? 200 : refusal, "Permission denied");
  }

  /** More than an array can hold, and not sent. */
  private static void announced(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 4L * Integer.MAX_VALUE);
    exchange.getResponseBody().flush();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, text.length());
      exchange.getResponseBody().write(text.getBytes(UTF_8));
    }
  }

  /** Goes on until nobody listens. */
  private void endless(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      var piece = new byte[64 * 1024];
      for (int i = 0; i < 10_000; i++) {
        exchange.getResponseBody().write(piece);
        written.addAndGet(piece.length);
      }
    }
  }

  @Test
  void refusedTokenIsReadAnewFromItsFile(@TempDir Path directory) throws IOException {
    // Given
    var file = Files.writeString(directory.resolve("token"), "old\n");
    var token = in(file);
    Files.writeString(file, "new\n");

    // When
    int status = put(token);

    // Then
    assertEquals(200, status);
    assertEquals(List.of("old text", "new text"), requests);
  }

  @Test
  void nothingIsSentAgainWithTheSameToken(@TempDir Path directory) throws IOException {
    // Given
    var token = in(Files.writeString(directory.resolve("token"), "old"));

    // When
    int status = put(token);

    // Then
    assertEquals(403, status);
    assertEquals(List.of("old text"), requests);
  }

  @Test
  void nothingIsSentMoreThanTwice(@TempDir Path directory) throws IOException {
    // Given
    accepted = "newer still";
    var file = Files.writeString(directory.resolve("token"), "old");
    var token = in(file);
    Files.writeString(file, "new");

    // When
    int status = put(token);

    // Then
    assertEquals(403, status);
    assertEquals(List.of("old text", "new text"), requests);
  }

  @Test
  void fileThatIsBeingWrittenLeavesTheTokenAsItIs(@TempDir Path directory) throws IOException {
    // Given
    accepted = "none";
    var file = Files.writeString(directory.resolve("token"), "old");
    var token = in(file);
    Files.writeString(file, "");

    // When
    int status = put(token);

    // Then
    assertEquals(403, status);
    assertEquals(Optional.of("old"), token.value());
  }

  /** As Nomad answers to an identity that has expired. */
  @Test
  void fileThatHasChangedIsReadAnewWithoutARefusal(@TempDir Path directory) throws IOException {
    // Given
    refusal = 500;
    var file = Files.writeString(directory.resolve("token"), "old");
    var token = in(file);
    Files.writeString(file, "new\n");
    int within = put(token);

    // When
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    int later = put(token);

    // Then
    assertEquals(500, within);
    assertEquals(200, later);
    assertEquals(List.of("old text", "new text"), requests, "nothing was sent twice");
  }

  /** A write is no single step: what is read in its midst may be a part. */
  @Test
  void fileThatIsBeingWrittenIsReadAgain(@TempDir Path directory) throws IOException {
    // Given
    var file = Files.writeString(directory.resolve("token"), "old");
    var token = in(file);
    var seen = new ArrayList<String>();

    // When
    for (var content : List.of("", "ne", "new")) {
      Files.writeString(file, content);
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      seen.add(token.value().orElseThrow());
    }

    // Then
    assertEquals(List.of("old", "ne", "new"), seen);
  }

  @Test
  void tokenThatStandsInNoFileIsSentOnce() throws IOException {
    assertEquals(403, put(Token.fixed("TOKEN", Optional.of("old"))));
    assertEquals(403, put(NO_TOKEN));

    assertEquals(List.of("old text", "null text"), requests);
  }

  /** Else one large answer would take the daemon and all its runs. */
  @ParameterizedTest
  @ValueSource(strings = {"/endless", "/long"})
  void answerThatIsTooLongIsGivenUp(String path) throws IOException {
    try (var http = BoundedHttp.client(access(NO_TOKEN), Optional.empty(), 1, SILENCE)) {
      var request = RequestBuilder.get(uri(path)).build();
      var failure =
          assertThrows(
              IOException.class,
              () -> {
                try (var response = http.execute(request)) {
                  EntityUtils.toString(response.getEntity());
                }
              });

      assertTrue(failure.getMessage().contains("longer than 32 MiB"), failure.getMessage());
      assertTrue(written.get() < 2L * BoundedHttp.MAX_ANSWER_BYTES, written + " bytes");
    }
  }

  private static final Duration SILENCE = Duration.ofSeconds(10);

  private Token in(Path file) {
    return Token.in("TOKEN_FILE", file, nanos::get);
  }

  private int put(Token token) throws IOException {
    try (var http = BoundedHttp.client(access(token), Optional.empty(), 1, SILENCE)) {
      var request = RequestBuilder.put(uri("/guarded")).setEntity(new StringEntity("text")).build();
      try (var response = http.execute(request)) {
        EntityUtils.consume(response.getEntity());
        return response.getStatusLine().getStatusCode();
      }
    }
  }

  private String uri(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Access access(Token token) {
    return new Access(
        "Agent",
        "AGENT_ADDR",
        AgentAddress.of("AGENT_ADDR", uri(""), Optional.empty()),
        HEADER,
        token,
        TlsSettings.of(new Environment(Map.of()), "AGENT", false));
  }
}
