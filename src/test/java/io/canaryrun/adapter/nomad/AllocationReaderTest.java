package io.canaryrun.adapter.nomad;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.core.spec.Target;
import io.canaryrun.fake.ManualScheduler;
import io.canaryrun.fake.ManualTime;
import io.canaryrun.port.PortFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Nomad that answers, but takes its time. */
class AllocationReaderTest {
  private static final Target TARGET = new Target("default", Optional.empty());
  private static final List<String> ALL =
      IntStream.range(0, 5).mapToObj("alloc-%d"::formatted).toList();

  private final ManualTime time = new ManualTime();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private Duration pace = Duration.ZERO;
  private Optional<String> broken = Optional.empty();
  private HttpServer server;
  private NomadCluster nomad;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/v1/job/api/allocations", this::list);
    server.createContext("/v1/allocation/", this::tell);
    server.start();
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    nomad =
        new NomadCluster(
            NomadSettings.of(new Environment(Map.of("NOMAD_ADDR", address))),
            Optional.empty(),
            new ManualScheduler(time));
  }

  @AfterEach
  void stop() throws IOException {
    nomad.close();
    server.stop(0);
  }

  @Test
  void whatWasAnsweredBeforeAFailureIsNotAskedForAgain() {
    // Given
    broken = Optional.of("alloc-3");
    assertThrows(PortFailure.Unavailable.class, this::read);

    // When
    broken = Optional.empty();
    read();

    // Then
    assertEquals(List.of("alloc-0", "alloc-1", "alloc-2", "alloc-3", "alloc-3", "alloc-4"), asked);
  }

  @Test
  void slowAnswersAreGivenUpInTimeAndGoneOnWith() {
    // Given
    pace = AllocationReader.ASK_AT_MOST.dividedBy(2).plusSeconds(1);

    // When
    var slow = assertThrows(PortFailure.Unavailable.class, this::read);
    assertThrows(PortFailure.Unavailable.class, this::read);
    read();

    // Then
    assertEquals(
        "allocations of job api: Nomad answers slowly, 2 of 5 are known so far", slow.getMessage());
    assertEquals(ALL, asked);
  }

  private void read() {
    nomad.allocations(TARGET, "api", 1, "http");
  }

  private void list(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        ALL.stream()
            .map("{\"ID\":\"%s\",\"CreateIndex\":1,\"ClientStatus\":\"running\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]")));
  }

  private void tell(HttpExchange exchange) throws IOException {
    var id = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
    asked.add(id);
    time.pass(pace);
    if (broken.equals(Optional.of(id))) {
      answer(exchange, 500, "no leader");
    } else {
      answer(exchange, 200, "{\"ID\":\"%s\",\"Job\":{\"ID\":\"api\"}}".formatted(id));
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
