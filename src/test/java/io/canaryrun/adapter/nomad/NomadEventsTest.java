package io.canaryrun.adapter.nomad;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.boot.SystemScheduler;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nomad's event stream, and what becomes of everything else meanwhile. */
class NomadEventsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** As many as there are connections for everything else. */
  private static final int MANY = 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger open = new AtomicInteger();
  private volatile String sent = "";
  private volatile boolean endless;
  private HttpServer server;
  private NomadCluster nomad;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.createContext("/v1/event/stream", this::stream);
    server.createContext("/v1/job/", NomadEventsTest::unknown);
    server.start();
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    nomad =
        new NomadCluster(
            NomadSettings.of(new Environment(Map.of("NOMAD_ADDR", address))),
            Optional.empty(),
            new SystemScheduler());
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    nomad.close();
    server.stop(0);
  }

  private void stream(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(sent.getBytes(UTF_8));
      exchange.getResponseBody().flush();
      open.incrementAndGet();
      if (endless) {
        over.await();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void unknown(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(404, 0);
      exchange.getResponseBody().write("job not found".getBytes(UTF_8));
    }
  }

  /** Nomad 1.11.3 answers 200 before it looks at the token, and then hangs up. */
  @Test
  void streamThatEndsWithoutAWordWasRefused() {
    var refusal = assertThrows(PortFailure.Rejected.class, () -> follow(new ArrayList<>()));

    assertTrue(refusal.getMessage().contains("NOMAD_TOKEN"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("namespace default"), refusal.getMessage());
  }

  @Test
  void streamThatEndsAfterAHeartbeatWasNot() {
    sent = "{}\n";

    follow(new ArrayList<>());
  }

  @Test
  void jobsOfEventsAreTold() {
    // Given
    sent =
        """
        {}
        {"Index":7,"Events":[{"Topic":"Job","Key":"api"},
          {"Topic":"Allocation","Key":"a-1","FilterKeys":["web","d-1"]}]}
        """;
    var jobs = new ArrayList<String>();

    // When
    follow(jobs);

    // Then
    assertEquals(List.of("api", "web"), jobs);
  }

  private void follow(List<String> jobs) {
    nomad.followEvents("default", jobs::add, MINUTE);
  }

  @Test
  void manyStreamsLeaveConnectionsToEverythingElse() {
    // Given
    sent = "{}\n";
    endless = true;
    var refused = new AtomicInteger();
    for (int i = 0; i < MANY; i++) {
      var _ = Thread.ofVirtual().start(() -> followOrCount(refused));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> open.get() + refused.get() == MANY);

    // When
    var job = nomad.job(new Target("default", Optional.empty()), "api");

    // Then
    assertEquals(Optional.empty(), job);
    assertEquals(Cluster.MAX_EVENT_STREAMS, open.get());
  }

  private void followOrCount(AtomicInteger refused) {
    try {
      follow(new ArrayList<>());
    } catch (PortFailure.Unavailable e) {
      refused.incrementAndGet();
    }
  }
}
