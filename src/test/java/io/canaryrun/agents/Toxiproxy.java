package io.canaryrun.agents;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A real Toxiproxy on loopback: faults of the network between a program and an agent. */
public final class Toxiproxy implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final AgentProcess process;

  private Toxiproxy(URI address, AgentProcess process) {
    this.address = address;
    this.process = process;
  }

  /**
   * @param directory of its log
   */
  public static Toxiproxy start(Path directory) {
    int port = LoopbackPorts.free();
    var address = URI.create("http://127.0.0.1:" + port);
    var process =
        AgentProcess.start(
            directory.resolve("toxiproxy.log"),
            Map.of("LOG_LEVEL", "warn"),
            "toxiproxy-server",
            "-host",
            "127.0.0.1",
            "-port",
            "" + port);
    process.awaitAnswer(address.resolve("/version"), ".", START);
    return new Toxiproxy(address, process);
  }

  public String version() {
    return send("GET", "/version", "").path("version").asText();
  }

  /**
   * A way that is in order.
   *
   * @param name unique
   * @param to an agent
   */
  public Link link(String name, URI to) {
    var proxy = JSON.createObjectNode().put("name", name).put("listen", "127.0.0.1:0");
    proxy.put("upstream", to.getAuthority()).put("enabled", true);
    var listen = send("POST", "/proxies", proxy.toString()).path("listen").asText();
    return new Link(name, URI.create(to.getScheme() + "://" + listen));
  }

  /** What gets lost on a connection that stands. */
  public enum Lost {
    REQUESTS("upstream"),
    ANSWERS("downstream");

    private final String stream;

    Lost(String stream) {
      this.stream = stream;
    }
  }

  /** The way to one agent; one fault at a time. */
  public final class Link {
    private static final String TOXIC = "fault";

    private final String path;
    private final URI here;

    private Link(String name, URI here) {
      this.path = "/proxies/" + name;
      this.here = here;
    }

    /** Of the agent, as seen through this. */
    public URI address() {
      return here;
    }

    /** Every answer comes that much later. */
    public void delay(Duration latency) {
      toxic("latency", "downstream", "latency", latency.toMillis());
    }

    /** Answers trickle. */
    public void slow(int kilobytesPerSecond) {
      toxic("bandwidth", "downstream", "rate", kilobytesPerSecond);
    }

    /** Connections stand and new ones are taken, and nothing comes through in one direction. */
    public void halfOpen(Lost lost) {
      toxic("timeout", lost.stream, "timeout", 0);
    }

    /** Connections break, and new ones are refused. */
    public void cut() {
      send("POST", path, "{\"enabled\":false}");
    }

    private void toxic(String type, String stream, String attribute, long value) {
      var toxic = JSON.createObjectNode().put("name", TOXIC).put("type", type);
      toxic.put("stream", stream).put("toxicity", 1.0);
      toxic.putObject("attributes").put(attribute, value);
      send("POST", path + "/toxics", toxic.toString());
    }

    /** It is in order again, once nobody else has its port that was free meanwhile. */
    public void mend() {
      for (var toxic : send("GET", path + "/toxics", "")) {
        send("DELETE", path + "/toxics/" + toxic.path("name").asText(), "");
      }
      await("the port of " + here + " is free again")
          .atMost(START)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(100))
          .ignoreException(IllegalStateException.class)
          .untilAsserted(() -> send("POST", path, "{\"enabled\":true}"));
    }
  }

  private JsonNode send(String method, String path, String body) {
    try {
      var answer = AgentHttp.ask(method, address.resolve(path), body);
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(method + " " + path + ": " + answer.body());
      }
      return answer.body().isBlank() ? JSON.nullNode() : JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
