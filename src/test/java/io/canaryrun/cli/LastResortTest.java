package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real exit of a real process. */
class LastResortTest {
  @TempDir private Path directory;

  @Test
  void processWithAThreadThatHangsEndsThoughAnOrderlyEndWouldHangAsWell() throws Exception {
    var output = outputOfOneThatEnds();

    assertTrue(output.contains("ending this process with exit code 70: thread "), output);
    // Threads that work may be late, too, for a clock that is put forward, and named before it.
    assertTrue(output.contains("thread operator is stuck since 2"), output);
    assertTrue(output.contains("\tat " + HangingDaemon.class.getName()), output);
  }

  @Test
  void itEndsAlthoughItsLogHangsAsWell() throws Exception {
    outputOfOneThatEnds(HangingDaemon.LOG_HANGS);
  }

  private String outputOfOneThatEnds(String... arguments) throws Exception {
    var output = directory.resolve("output");
    var process = start(output, arguments);
    try {
      var ended = process.waitFor(1, TimeUnit.MINUTES);
      assertTrue(ended, Files.readString(output));
      assertEquals(70, process.exitValue(), Files.readString(output));
      return Files.readString(output);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(Path output, String... arguments) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var command = new ArrayList<>(List.of(java, "-cp", classes, HangingDaemon.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
