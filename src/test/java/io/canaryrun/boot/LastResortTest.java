package io.canaryrun.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The real exit of a real process. */
class LastResortTest {

  @Test
  void processWithAThreadThatHangsEndsThoughAnOrderlyEndWouldHangAsWell() throws Exception {
    // Given
    var process = start(HangingDaemon.class);

    // When
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var ended = process.waitFor(1, TimeUnit.MINUTES);
    process.destroyForcibly();

    // Then
    assertTrue(ended, output);
    assertEquals(70, process.exitValue(), output);
    assertTrue(
        output.contains("ending this process with exit code 70: thread operator is stuck since 2"),
        output);
    assertTrue(output.contains("\tat " + HangingDaemon.class.getName()), output);
  }

  private static Process start(Class<?> program) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(java, "-cp", classes, program.getName())
        .redirectErrorStream(true)
        .start();
  }
}
