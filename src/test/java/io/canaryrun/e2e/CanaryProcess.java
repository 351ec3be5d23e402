package io.canaryrun.e2e;

import io.canaryrun.agents.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built program, as users start it. */
final class CanaryProcess implements AutoCloseable {
  private final Process process;
  private final Path output;

  private CanaryProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts it; what it prints goes to {@code output}. */
  static CanaryProcess start(Path output, Map<String, String> environment, String... arguments) {
    return start(output, environment, command(arguments));
  }

  /** Starts what is said, which ends as the program. */
  static CanaryProcess start(Path output, Map<String, String> environment, List<String> command) {
    try {
      Files.createDirectories(output.getParent());
      var builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      return new CanaryProcess(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program with its arguments. */
  static List<String> command(String... arguments) {
    // Whoever started the tests may ignore it.
    var command = new ArrayList<>(List.of("env", "--default-signal=INT,QUIT"));
    command.addAll(CanaryProgram.recorded());
    command.addAll(List.of(arguments));
    return command;
  }

  /** A daemon, once it is ready. */
  static CanaryProcess agent(Path output, Map<String, String> environment) {
    int port = LoopbackPorts.free();
    var all = new HashMap<>(environment);
    all.put("QUARKUS_HTTP_PORT", "" + port);
    var agent = start(output, all, "agent");
    Http.await("http://127.0.0.1:" + port + "/q/health/ready", "\"UP\"");
    return agent;
  }

  /** Waits for its end. */
  int exitCode() {
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new AssertionError("still running after 2 minutes: " + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    exitCode();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What Ctrl-C sends. */
  void interrupt() {
    signal("-INT");
  }

  /** What {@code systemctl stop} and Nomad send; does not wait for its end. */
  void terminate() {
    signal("-TERM");
  }

  /** It stands still, and its connections with it. */
  void suspend() {
    signal("-STOP");
  }

  /** And goes on, as if no time had passed. */
  void resume() {
    signal("-CONT");
  }

  /** What its threads do, into its output. */
  void printThreads() {
    signal("-QUIT");
  }

  /** A signal, by its name. */
  private void signal(String name) {
    try {
      new ProcessBuilder("kill", name, "" + process.pid()).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroy();
    exitCode();
  }
}
