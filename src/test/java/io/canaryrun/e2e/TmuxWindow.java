package io.canaryrun.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A real terminal, and what a person would see on it. */
final class TmuxWindow implements AutoCloseable {
  private static final String EXIT_CODE = "exit code ";

  /**
   * Ctrl-C is for the command: this tells how that ended, and stays, as tmux scrolls the screen of
   * a program that has ended by one line.
   */
  private static final String SCRIPT =
      "trap : INT; \"$@\"; echo \"" + EXIT_CODE + "$?\"; exec sleep infinity";

  private final Path socket;

  private TmuxWindow(Path socket) {
    this.socket = socket;
  }

  /**
   * Starts a command in a window of its own, which stays when the command has ended.
   *
   * @param socket of the server, which belongs to this window alone
   */
  static TmuxWindow open(
      Path socket, int columns, int rows, Map<String, String> environment, List<String> command) {
    var window = new TmuxWindow(socket);
    var words = new ArrayList<>(List.of("start-server", ";"));
    words.addAll(List.of("set-option", "-g", "status", "off", ";", "new-session", "-d"));
    words.addAll(List.of("-x", "" + columns, "-y", "" + rows, "env", "LC_ALL=C.UTF-8"));
    environment.forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(List.of("sh", "-c", SCRIPT, "sh"));
    words.addAll(command);
    window.tmux(words);
    return window;
  }

  void resize(int columns, int rows) {
    tmux(List.of("resize-window", "-x", "" + columns, "-y", "" + rows));
  }

  /** Presses a key, by tmux' name for it. */
  void type(String key) {
    tmux(List.of("send-keys", key));
  }

  /** What is visible, line by line. */
  String screen() {
    return tmux(List.of("capture-pane", "-p"));
  }

  /** The same with the control sequences of its colours. */
  String coloredScreen() {
    return tmux(List.of("capture-pane", "-p", "-e"));
  }

  /** Waits until what is visible is as it should be. */
  String await(String what, Predicate<String> expected) {
    return Awaitility.await(what)
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(100))
        .until(this::screen, expected);
  }

  /** Waits until the command has ended with that code; the last lines of the screen say so. */
  void awaitExitCode(int code) {
    await("it ends with " + code, screen -> screen.contains(EXIT_CODE + code + "\n"));
  }

  boolean hasEnded() {
    return screen().contains(EXIT_CODE);
  }

  private String tmux(List<String> arguments) {
    var command = new ArrayList<>(List.of("tmux", "-u", "-f", "/dev/null", "-S", "" + socket));
    command.addAll(arguments);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    tmux(List.of("kill-server"));
  }
}
