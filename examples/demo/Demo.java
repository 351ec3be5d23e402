import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Good and bad releases of the example service, as a job of their own and as canaries of Nomad's
 * deployment, approved by a person, on real agents of Consul and Nomad, under steady traffic
 * through HAProxy. Started by {@code make demo}; settings: {@code KEEP=1} leaves all up until
 * Ctrl-C, {@code RATE} requests per second (default 2000).
 */
public final class Demo {
  private static final Duration TRAFFIC_BEFORE_RELEASE = Duration.ofSeconds(2);
  private static final String DEPLOYMENT = "examples/runs/deployment.json";
  private static volatile Process command;

  private final Path home;
  private final Path directory;
  private final Cluster cluster;
  private final int haproxyPort = Cluster.free(8080);
  private final int agentPort = Cluster.free(8484);
  private Traffic traffic;

  private Demo(Path home) throws IOException {
    this.home = home;
    // Short: Nomad puts sockets below it, whose paths must not be longer than 107 characters.
    var name = "canary-demo-" + ProcessHandle.current().pid();
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    this.directory = Files.createDirectory(temporary.resolve(name));
    this.cluster = new Cluster(directory);
  }

  public static void main(String[] args) throws Exception {
    var start = Instant.now();
    var demo = new Demo(Path.of(args[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(demo::end));
    boolean asExpected = false;
    try {
      asExpected = demo.run();
    } catch (IOException | IllegalStateException e) {
      demo.cluster.showLogs();
      say("%nThe demo could not go on: %s", e.getMessage());
    }
    say("%s after %d s", asExpected ? "Done" : "NOT as expected", seconds(start, Instant.now()));
    if ("1".equals(System.getenv("KEEP"))) {
      demo.keep();
    }
    System.exit(asExpected ? 0 : 1);
  }

  private void end() {
    say("Stopping everything …");
    if (command != null) {
      command.destroy();
    }
    cluster.close();
    say("Nothing is left running.");
  }

  private boolean run() throws Exception {
    say("Starting Consul (%s) and Nomad (%s) …", cluster.consul(), cluster.nomad());
    cluster.start(compiledApi());
    say(
        "Production: job api, version 1, 4 instances; HAProxy on port %d; the operator.",
        haproxyPort);
    cluster.submit(home.resolve("deploy/nomad/haproxy.nomad.hcl"), Map.of("port", haproxyPort));
    cluster.submit(home.resolve("examples/api/api.nomad.hcl"), Map.of());
    cluster.submit(
        home.resolve("deploy/nomad/canary.nomad.hcl"),
        Map.of(
            "program", program(),
            "port", agentPort,
            "nomad_addr", cluster.nomad(),
            "consul_http_addr", cluster.consul(),
            "drivers", "raw_exec"));
    cluster.await("production", () -> cluster.passing("api") == 4);
    cluster.await("HAProxy", () -> cluster.answers("http://127.0.0.1:" + haproxyPort + "/hello"));
    cluster.await("the operator", () -> cluster.passing("canary") == 1);
    startTraffic();

    say("");
    say("A good release: version 2.");
    int good = canary("apply", "-f", "examples/runs/derived.json", "--wait");
    var goodAccount = account("api-canary", "2");
    say("");
    say("A bad release: version 3 fails one request in 1,000.");
    int bad = canary("apply", "-f", "examples/runs/bad.json", "--wait");
    var badAccount = account("api-canary", "3");
    say("");
    say("Nomad's own canaries: version 4, healthy by every check, fails each hundredth request.");
    int badDeployment = canary("apply", "-f", DEPLOYMENT, "--set", "env.ERROR_EVERY=100", "--wait");
    var badDeploymentAccount = account("api", "4");
    say("");
    say("The same without that fault; a good verdict waits for a person.");
    int decision = canary("apply", "-f", DEPLOYMENT, "--until", "decision");
    int promote = canary("promote", "api", "--by", "demo", "--reason", "approved");
    int goodDeployment = canary("wait", "api");
    var goodDeploymentAccount = account("api", "4");

    say("");
    say("Good release (exit code %d):%n%s", good, goodAccount);
    say("Bad release (exit code %d):%n%s", bad, badAccount);
    say("Bad canaries of a deployment (exit code %d):%n%s", badDeployment, badDeploymentAccount);
    say(
        "Good canaries of a deployment (exit codes %d, then %d):%n%s",
        decision, goodDeployment, goodDeploymentAccount);
    say(
        "Running now: api version %s, %d instances; %d canaries.",
        first(cluster.job("api"), "\"VERSION\":\"([^\"]*)\""),
        cluster.passing("api"),
        cluster.passing("api-canary"));
    say(
        "Traffic: %,d requests answered, %,d not answered%s.",
        traffic.total(),
        traffic.unanswered(),
        traffic.lastProblem().isEmpty() ? "" : " (" + traffic.lastProblem() + ")");
    return good == 0
        && bad == 3
        && badDeployment == 3
        && decision == 5
        && promote == 0
        && goodDeployment == 0;
  }

  /** As {@code ./canary} starts it, for the job file. */
  private String program() {
    return "[\"%s/bin/java\", \"@%s\", \"-jar\", \"%s\"]"
        .formatted(
            System.getProperty("java.home"),
            home.resolve("src/dist/lib/java.options"),
            home.resolve("target/quarkus-app/quarkus-run.jar"));
  }

  private Path compiledApi() throws Exception {
    var classes = directory.resolve("api");
    var source = home.resolve("examples/api/Api.java").toString();
    var javac = Path.of(System.getProperty("java.home"), "bin", "javac").toString();
    var process = new ProcessBuilder(javac, "-d", classes.toString(), source).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("examples/api/Api.java does not compile");
    }
    return classes;
  }

  private void startTraffic() throws InterruptedException {
    var rate = System.getenv().getOrDefault("RATE", "2000");
    say("Traffic: %s requests per second through HAProxy.", rate);
    traffic = new Traffic(haproxyPort, Integer.parseInt(rate));
    traffic.start();
    Thread.sleep(TRAFFIC_BEFORE_RELEASE);
  }

  /** Runs the command line as a user would. */
  private int canary(String... arguments) throws Exception {
    say("$ ./canary %s", String.join(" ", arguments));
    var full = new ArrayList<>(List.of(home.resolve("canary").toString()));
    full.addAll(List.of(arguments));
    var builder = new ProcessBuilder(full).directory(home.toFile()).inheritIO();
    builder.environment().putAll(cluster.environment());
    command = builder.start();
    try {
      return command.waitFor();
    } finally {
      command = null;
    }
  }

  /**
   * @param job whose instances the canaries are
   */
  private String account(String job, String version) {
    var status = cluster.status("api");
    var lines = new StringBuilder();
    lines.append(
        "  outcome          %s: %s%n"
            .formatted(
                first(status, "\"phase\": ?\"([^\"]*)\""),
                first(status, "\"message\": ?\"([^\"]*)\"")));
    lines.append(
        "  time to verdict  %s%n"
            .formatted(
                between(
                    first(status, "\"startedAt\": ?\"([^\"]*)\""),
                    first(status, "\"verdictAt\": ?\"([^\"]*)\""))));
    lines.append(
        "  evidence         %,d requests, errors: %,d%n"
            .formatted(
                Long.parseLong(first(status, "\"totals\": ?\\{\\s*\"requests\": ?(\\d+)")),
                Long.parseLong(first(status, "\"totals\": ?\\{[^}]*\"errors\": ?(\\d+)"))));
    var canary = traffic.of(job, version);
    if (canary.firstError() != null && job.equals("api-canary")) {
      var stopOrder = first(cluster.job("api-canary"), "\"SubmitTime\":(\\d+)");
      var stopped = Instant.ofEpochSecond(0, Long.parseLong(stopOrder));
      lines.append(
          "  the canary       served %,d requests, %,d of them after its first error%n"
              .formatted(canary.requests(), canary.afterFirstError()));
      lines.append(
          "  first error readable → stop order  %d ms%n"
              .formatted(Duration.between(canary.firstError(), stopped).toMillis()));
    }
    return lines.toString();
  }

  private void keep() throws InterruptedException {
    say(
        """
        KEEP=1: everything stays up, traffic included, until Ctrl-C.
          Consul    %s/ui
          Nomad     %s/ui
          HAProxy   http://127.0.0.1:%d
          operator  http://127.0.0.1:%d
          export NOMAD_ADDR=%s CONSUL_HTTP_ADDR=%s""",
        cluster.consul(),
        cluster.nomad(),
        haproxyPort,
        agentPort,
        cluster.nomad(),
        cluster.consul());
    TimeUnit.DAYS.sleep(1);
  }

  private static String between(String from, String to) {
    if (from.isEmpty() || to.isEmpty()) {
      return "no verdict";
    }
    var time = Duration.between(Instant.parse(from), Instant.parse(to));
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }

  private static long seconds(Instant from, Instant to) {
    return Duration.between(from, to).toSeconds();
  }

  private static String first(String text, String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static synchronized void say(String text, Object... values) {
    System.out.println(text.formatted(values));
    System.out.flush();
  }
}
