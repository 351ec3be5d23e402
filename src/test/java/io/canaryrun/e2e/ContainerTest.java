package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.agents.ConsulAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container images, as far as that can be tried without a container engine. */
@Tag("e2e")
@Execution(ExecutionMode.CONCURRENT)
class ContainerTest {
  private static final Path DIRECTORY = Path.of("deploy/container");

  /** An exact version of the base, and nothing that is fetched from elsewhere. */
  private static final Pattern PINNED =
      Pattern.compile("[a-z0-9./-]+:\\d+\\.\\d+(-[a-z]+)?(@sha256:[0-9a-f]{64})?");

  /**
   * What the image has, where the image has it, on top of what this machine has: then nothing can
   * be written any more, and the program is started as the image's user.
   */
  private static final String AS_IN_THE_IMAGE =
      """
      archive=$1 add=$2 run=$3 user=$4
      shift 4
      mount -t tmpfs tmpfs /opt
      mount -t tmpfs tmpfs /usr/local/bin
      tar -xzf "$archive" -C "$add"
      eval "$run"
      cd /
      mount -o remount,ro /opt
      mount -o remount,ro /usr/local/bin
      mount -t tmpfs -o ro tmpfs /tmp
      mount -t tmpfs -o ro tmpfs /dev/shm
      mount -o remount,bind,ro /
      exec setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs \
        --bounding-set=-all env -i "$@"
      """;

  /** What is printed there comes back on standard output. */
  private static final List<String> ON_A_TERMINAL =
      List.of("sh", "-c", "exec script -qefc \"$*\" /dev/null", "sh");

  private static final String CLEAR_BELOW = "\u001b[J";

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
  void imageIsOfAFixedBaseAndRunsAsNobodyElse(String file) throws IOException {
    // When
    var dockerfile = Files.readString(DIRECTORY.resolve(file));

    // Then
    assertTrue(PINNED.matcher(last("FROM", dockerfile)).matches(), last("FROM", dockerfile));
    assertTrue(last("USER", dockerfile).matches("[1-9]\\d*:[1-9]\\d*"), last("USER", dockerfile));
    assertFalse(dockerfile.matches("(?is).*(token|secret|password|https?://|\\benv\\b).*"));
    assertEquals(List.of("/usr/local/bin/canary"), entrypoint(dockerfile));
  }

  @Test
  void programRunsAsAnotherUserWhereNothingCanBeWritten() throws Exception {
    // Given
    assumeTrue(mayMount(), "mounting in a namespace of its own needs root");
    var directory = Files.createTempDirectory("container-");
    try (var consul = ConsulAgent.dev(directory.resolve("consul"))) {
      // When
      var canary = inImage(directory.resolve("get.log"), List.of(), consul, "get", "-o", "json");

      // Then
      assertEquals(0, canary.exitCode(), canary.output());
      assertTrue(new ObjectMapper().readTree(canary.output()).isEmpty(), canary.output());
      try (var watch =
          inImage(directory.resolve("watch.log"), ON_A_TERMINAL, consul, "get", "-w")) {
        await("the list is drawn")
            .atMost(Duration.ofSeconds(30))
            .until(watch::output, it -> it.contains(CLEAR_BELOW));
      }
    }
  }

  /**
   * @param starter of the command, if it needs one
   */
  private static CanaryProcess inImage(
      Path output, List<String> starter, ConsulAgent consul, String... arguments)
      throws IOException {
    var dockerfile = Files.readString(DIRECTORY.resolve("Dockerfile.jvm"));
    var command =
        new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "bash", "-euc"));
    command.addAll(List.of(AS_IN_THE_IMAGE, "image", CanaryProgram.archive().toString()));
    command.add(last("ADD", dockerfile).replaceFirst(".* ", ""));
    command.add(last("RUN", dockerfile));
    command.add(last("USER", dockerfile));
    command.addAll(List.of("CONSUL_HTTP_ADDR=" + consul.address(), "TERM=xterm"));
    command.addAll(starter);
    command.addAll(entrypoint(dockerfile));
    command.addAll(List.of(arguments));
    return CanaryProcess.start(output, Map.of(), command);
  }

  private static boolean mayMount() throws Exception {
    return new ProcessBuilder("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/opt")
            .redirectErrorStream(true)
            .start()
            .waitFor()
        == 0;
  }

  private static List<String> entrypoint(String dockerfile) throws IOException {
    return List.of(new ObjectMapper().readValue(last("ENTRYPOINT", dockerfile), String[].class));
  }

  /** What the last instruction of that name says. */
  private static String last(String instruction, String dockerfile) {
    return dockerfile
        .lines()
        .filter(line -> line.startsWith(instruction + " "))
        .reduce((_, later) -> later)
        .orElseThrow()
        .substring(instruction.length() + 1);
  }
}
