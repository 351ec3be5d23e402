package io.canaryrun.agents;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server program that a test starts on loopback, and stops again whatever happens. */
public final class AgentProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private AgentProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts a program that is on the {@code PATH}; what it prints is added to {@code log}. */
  public static AgentProcess start(Path log, Map<String, String> environment, String... command) {
    try {
      Files.createDirectories(log.getParent());
      var builder = new ProcessBuilder(List.of(command));
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      return new AgentProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(
          command[0] + " could not be started; `make setup` puts it in place", e);
    }
  }

  /** Waits until an address answers with a status of 200 and a body that contains a text. */
  public void awaitAnswer(URI address, String text, Duration atMost) {
    await(address + " answers with " + text + ", log in " + log)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> isAlive() && answers(address, text));
  }

  private static boolean answers(URI address, String text) throws Exception {
    var response = AgentHttp.ask("GET", address, "");
    return response.statusCode() == 200 && response.body().contains(text);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** All that it started, directly or not, and that still runs. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return log;
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    await().atMost(10, SECONDS).until(() -> !process.isAlive());
  }

  /** SIGTERM, and kill -9 where that takes longer than 20 s. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
