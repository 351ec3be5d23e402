package io.canaryrun.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.canaryrun.agents.Toxiproxy.Lost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The faults that other tests rely on are what they say. */
@Tag("agents")
class ToxiproxyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int BODY_BYTES = 8_000;

  private final AtomicInteger requests = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;
  private Toxiproxy toxiproxy;
  private Toxiproxy.Link link;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, BODY_BYTES);
          exchange.getResponseBody().write(new byte[BODY_BYTES]);
          exchange.close();
        });
    server.start();
    toxiproxy = Toxiproxy.start(directory);
    link = toxiproxy.link("here", URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    assertTrue(ask().compareTo(PATIENCE) < 0);
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    toxiproxy.close();
    server.stop(0);
  }

  @Test
  void cutConnectionsAreRefusedUntilTheyAreMended() throws Exception {
    link.cut();
    assertThrows(ConnectException.class, this::ask);
    link.mend();
    assertTrue(ask().compareTo(PATIENCE) < 0);
  }

  @Test
  void mendingWaitsForThePortWhereSomebodyElseTookIt() throws Exception {
    link.cut();
    CompletableFuture<Void> mending;
    try (var _ = new ServerSocket(link.address().getPort(), 1, InetAddress.getLoopbackAddress())) {
      mending = CompletableFuture.runAsync(link::mend);
      assertThrows(TimeoutException.class, () -> mending.get(300, TimeUnit.MILLISECONDS));
    }
    mending.join();
    assertTrue(ask().compareTo(PATIENCE) < 0);
  }

  @Test
  void requestsGetLostOnConnectionsThatStand() throws Exception {
    link.halfOpen(Lost.REQUESTS);
    assertThrows(HttpTimeoutException.class, this::ask);
    assertEquals(1, requests.get());
    link.mend();
    assertTrue(ask().compareTo(PATIENCE) < 0);
  }

  @Test
  void answersGetLostThoughRequestsArrive() {
    link.halfOpen(Lost.ANSWERS);
    assertThrows(HttpTimeoutException.class, this::ask);
    assertEquals(2, requests.get());
  }

  @Test
  void answersAreLateOrTrickle() throws Exception {
    link.delay(Duration.ofMillis(300));
    assertTrue(ask().compareTo(Duration.ofMillis(300)) >= 0);
    link.mend();
    link.slow(16);
    assertTrue(ask().compareTo(Duration.ofMillis(300)) >= 0);
  }

  /** How long an answer takes. */
  private Duration ask() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    client.send(
        HttpRequest.newBuilder(link.address()).timeout(PATIENCE).build(),
        BodyHandlers.discarding());
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
