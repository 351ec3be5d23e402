import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An example service that counts its requests and errors, and misbehaves as its environment asks.
 *
 * <p>Serves {@code /health}, {@code /api/errorAndRequestCount}, and everything else as a request
 * that counts. Settings:
 *
 * <ul>
 *   <li>{@code VERSION}: shown in each answer
 *   <li>{@code ERROR_RATE}: the share of requests that fail with 500 and count as errors, drawn
 *       from a generator seeded by the allocation's ID; 0 none, 1 all
 *   <li>{@code ERROR_EVERY}: each request of that number and its multiples fails as well; 0 none
 *   <li>{@code LATENCY_MS}: how long each request takes
 *   <li>{@code START_DELAY}: seconds for which it is unhealthy after its start
 *   <li>{@code UNHEALTHY=always}: it never becomes healthy
 *   <li>{@code CRASH_AFTER}: it exits with 1 after so many requests ({@code 500}) or seconds
 *       ({@code 5s})
 *   <li>{@code CRASH_TIMES}: how many processes of an allocation do so, default 1
 *   <li>{@code COUNTERS}: what the counters answer: {@code ok}, {@code 404}, {@code 500}, {@code
 *       redirect}, {@code html}, {@code hang}, {@code huge}, {@code negative}, {@code fractional},
 *       {@code missing}, {@code text}, {@code falls}
 *   <li>{@code FAULTY_INDEX}: only the allocation with this index misbehaves
 * </ul>
 */
public final class Api {
  private static final Map<String, String> ENVIRONMENT = System.getenv();
  private static final long STARTED = System.nanoTime();
  private static final boolean FAULTY =
      setting("FAULTY_INDEX", setting("NOMAD_ALLOC_INDEX", "0"))
          .equals(setting("NOMAD_ALLOC_INDEX", "0"));
  private static final String VERSION = setting("VERSION", "1");
  private static final String JOB = setting("NOMAD_JOB_NAME", "api");
  private static final double ERROR_RATE = Double.parseDouble(fault("ERROR_RATE", "0"));
  private static final long ERROR_EVERY = Long.parseLong(fault("ERROR_EVERY", "0"));
  private static final long LATENCY_MS = Long.parseLong(fault("LATENCY_MS", "0"));
  private static final long START_DELAY = Long.parseLong(fault("START_DELAY", "0"));
  private static final boolean UNHEALTHY = fault("UNHEALTHY", "").equals("always");
  private static final String CRASH_AFTER = fault("CRASH_AFTER", "");
  private static final int CRASH_TIMES = Integer.parseInt(fault("CRASH_TIMES", "1"));
  private static final String COUNTERS = fault("COUNTERS", "ok");

  private static final AtomicLong BEGUN = new AtomicLong();
  private static final AtomicLong REQUESTS = new AtomicLong();
  private static final AtomicLong ERRORS = new AtomicLong();
  private static final AtomicLong READS = new AtomicLong();
  private static final Random RANDOM = new Random(setting("NOMAD_ALLOC_ID", "").hashCode());

  private Api() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var host = setting("NOMAD_IP_http", "127.0.0.1");
    int port = Integer.parseInt(setting("NOMAD_PORT_http", "8080"));
    var server = HttpServer.create(new InetSocketAddress(host, port), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, Api::request));
    server.createContext("/health", exchange -> answer(exchange, Api::health));
    server.createContext("/api/errorAndRequestCount", exchange -> answer(exchange, Api::counters));
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(1)));
    System.out.printf("api: %s version %s listens on %s:%d%n", JOB, VERSION, host, port);
    crashLater();
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private static void answer(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      handler.handle(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void request(HttpExchange exchange) throws IOException, InterruptedException {
    if (LATENCY_MS > 0) {
      Thread.sleep(LATENCY_MS);
    }
    long number = BEGUN.incrementAndGet();
    boolean error =
        (ERROR_RATE > 0 && RANDOM.nextDouble() < ERROR_RATE)
            || (ERROR_EVERY > 0 && number % ERROR_EVERY == 0);
    if (error) {
      ERRORS.incrementAndGet();
    }
    long count = REQUESTS.incrementAndGet();
    exchange.getResponseHeaders().set("X-Job", JOB);
    exchange.getResponseHeaders().set("X-Version", VERSION);
    send(exchange, error ? 500 : 200, "{\"version\":\"" + VERSION + "\"}\n");
    if (!CRASH_AFTER.isEmpty() && !CRASH_AFTER.endsWith("s")) {
      if (count >= Long.parseLong(CRASH_AFTER)) {
        crash();
      }
    }
  }

  private static void health(HttpExchange exchange) throws IOException {
    long upSeconds = Duration.ofNanos(System.nanoTime() - STARTED).toSeconds();
    boolean healthy = !UNHEALTHY && upSeconds >= START_DELAY;
    send(exchange, healthy ? 200 : 503, healthy ? "ok\n" : "not ready\n");
  }

  private static void counters(HttpExchange exchange) throws IOException, InterruptedException {
    long reads = READS.incrementAndGet();
    long errors = ERRORS.get();
    long requests = REQUESTS.get();
    switch (COUNTERS) {
      case "ok" -> send(exchange, 200, json("" + errors, "" + requests));
      case "404" -> send(exchange, 404, "no such page\n");
      case "500" -> send(exchange, 500, "it broke\n");
      case "redirect" -> {
        exchange.getResponseHeaders().set("Location", "/login");
        send(exchange, 302, "");
      }
      case "html" -> send(exchange, 200, "<!DOCTYPE html><title>Welcome</title>\n");
      case "hang" -> Thread.sleep(Duration.ofHours(1));
      case "huge" -> sendHuge(exchange);
      case "negative" -> send(exchange, 200, json("" + errors, "-" + (requests + 1)));
      case "fractional" -> send(exchange, 200, json("" + errors, requests + ".5"));
      case "missing" -> send(exchange, 200, "{\"requestCount\":" + requests + "}");
      case "text" -> send(exchange, 200, json("\"none\"", "" + requests));
      case "falls" ->
          send(exchange, 200, json("" + errors, "" + (reads % 2 == 0 ? requests / 2 : requests)));
      default -> throw new IllegalArgumentException("unknown COUNTERS: " + COUNTERS);
    }
  }

  private static String json(String errors, String requests) {
    return "{\"errorCount\":%s,\"requestCount\":%s,\"version\":\"%s\"}"
        .formatted(errors, requests, VERSION);
  }

  /** 50 MB. */
  private static void sendHuge(HttpExchange exchange) throws IOException {
    var chunk = " ".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, 1_000L * chunk.length);
    for (int i = 0; i < 1_000; i++) {
      exchange.getResponseBody().write(chunk);
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void crashLater() {
    if (CRASH_AFTER.endsWith("s")) {
      long seconds = Long.parseLong(CRASH_AFTER.substring(0, CRASH_AFTER.length() - 1));
      Thread.startVirtualThread(
          () -> {
            try {
              Thread.sleep(Duration.ofSeconds(seconds));
              crash();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  /** Only so many processes of an allocation crash: each leaves a mark in the task's directory. */
  private static synchronized void crash() {
    var marks = Path.of(setting("NOMAD_TASK_DIR", "."), "crashes");
    try {
      int crashes = Files.exists(marks) ? (int) Files.size(marks) : 0;
      if (crashes < CRASH_TIMES) {
        Files.writeString(marks, "x".repeat(crashes + 1));
        System.out.println("api: crashes, as it was asked to");
        Runtime.getRuntime().halt(1);
      }
    } catch (IOException e) {
      System.out.println("api: could not leave a mark in " + marks + ", goes on: " + e);
    }
  }

  private static String fault(String name, String none) {
    return FAULTY ? setting(name, none) : none;
  }

  private static String setting(String name, String otherwise) {
    return ENVIRONMENT.getOrDefault(name, otherwise);
  }
}
