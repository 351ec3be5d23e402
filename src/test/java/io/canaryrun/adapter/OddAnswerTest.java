package io.canaryrun.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.canaryrun.adapter.consul.ConsulConnection;
import io.canaryrun.adapter.consul.ConsulLeases;
import io.canaryrun.adapter.consul.ConsulRunStore;
import io.canaryrun.adapter.consul.ConsulServiceCatalog;
import io.canaryrun.adapter.consul.ConsulSettings;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.nomad.NomadCluster;
import io.canaryrun.adapter.nomad.NomadSettings;
import io.canaryrun.boot.SystemScheduler;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.PortFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that is cut short, or is none of Consul's or Nomad's, says nothing: least absence. */
class OddAnswerTest {
  private static final Target TARGET = new Target("default", Optional.empty());

  /** How a server answers. */
  enum Answer {
    CUT_SHORT("[{\"Key\":\"canary/runs/api\",\"ID\":\"api\",\"Val", 1_000),
    CUT_WITHOUT_A_TRACE("[{\"Key\":\"canary/runs/api\",\"ID\":\"api\",\"Val", 0),
    CUT_AFTER_A_BRACKET("[", 0),
    EMPTY("", -1),
    PAGE_OF_A_PROXY("<html><body>Please log in</body></html>", 0),
    OTHER_OBJECT("{}", 0),
    OTHER_SERVICE(404, "404 page not found", 0),
    LOGIN(302, "<html><body>Please log in</body></html>", 0);

    private final int status;
    private final String body;
    private final int promised;

    Answer(String body, int promised) {
      this(200, body, promised);
    }

    /**
     * @param promised length, or 0: as long as it is, by chunks
     */
    Answer(int status, String body, int promised) {
      this.status = status;
      this.body = body;
      this.promised = promised;
    }

    private void to(HttpExchange exchange) throws IOException {
      exchange.getRequestBody().readAllBytes();
      try (exchange) {
        exchange.sendResponseHeaders(status, promised);
        exchange.getResponseBody().write(body.getBytes(UTF_8));
      }
    }
  }

  private HttpServer server;
  private ConsulConnection consul;
  private NomadCluster nomad;
  private volatile Answer answer;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer.to(exchange));
    server.start();
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    var environment = new Environment(Map.of("CONSUL_HTTP_ADDR", address, "NOMAD_ADDR", address));
    consul = new ConsulConnection(ConsulSettings.of(environment), Optional.empty());
    nomad =
        new NomadCluster(NomadSettings.of(environment), Optional.empty(), new SystemScheduler());
  }

  @AfterEach
  void stop() throws IOException {
    nomad.close();
    consul.close();
    server.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void isUnavailable(Answer odd) {
    answer = odd;

    assertAll(
        calls().entrySet().stream()
            .map(
                call ->
                    () ->
                        assertThrows(
                            PortFailure.Unavailable.class, call.getValue(), call.getKey())));
  }

  private Map<String, Executable> calls() {
    var store = new ConsulRunStore(consul, "canary/");
    var leases = new ConsulLeases(consul);
    var catalog = new ConsulServiceCatalog(consul);
    var soon = Duration.ofSeconds(1);
    var calls = new TreeMap<String, Executable>();
    calls.put("definition", () -> store.definition("api"));
    calls.put("definitions", store::definitions);
    calls.put("status", () -> store.status("api"));
    calls.put("statuses", store::statuses);
    calls.put("commands", () -> store.commands("api"));
    calls.put("all commands", store::commands);
    calls.put("generation", () -> store.generation("api", 7));
    calls.put("history", () -> store.history("api"));
    calls.put("names", store::names);
    calls.put("keys", store::keys);
    calls.put("definition change", () -> store.awaitDefinitionChange(1, soon));
    calls.put("status change", () -> store.awaitStatusChange(1, soon));
    calls.put("session", () -> leases.open("one", soon, soon));
    calls.put("session is open", () -> leases.isOpen("1"));
    calls.put("instances", () -> catalog.instances(List.of("api")));
    calls.put("job", () -> nomad.job(TARGET, "api"));
    calls.put("versions", () -> nomad.versions(TARGET, "api"));
    calls.put("allocations", () -> nomad.allocations(TARGET, "api", "http"));
    calls.put("canaries", () -> nomad.canaries(TARGET, "api", Stamps.Role.CANARY, 7));
    calls.put("rollout", () -> nomad.rollout(TARGET, "api", 1));
    calls.put("placement", () -> nomad.placementProblem(TARGET, "api"));
    calls.put("ping", nomad::ping);
    calls.put("regions", nomad::regions);
    calls.put("stamped jobs", () -> nomad.stampedJobs(List.of("*"), Optional.empty()));
    return calls;
  }
}
