package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.port.PortFailure;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class FailuresTest {
  private final CommandLines canary = new CommandLines();

  /** A command that does nothing else. */
  @Command(name = "fail")
  private record Failing(RuntimeException with) implements Callable<Integer> {
    @Override
    public Integer call() {
      throw with;
    }
  }

  private int fail(RuntimeException with, String... options) {
    canary.line().addSubcommand(new Failing(with));
    canary.line().getSubcommands().get("fail").setErr(canary.line().getErr());
    return canary.execute(
        Stream.concat(Stream.of(options), Stream.of("fail")).toArray(String[]::new));
  }

  @Test
  void missingAnswerNamesTheCommandThatLooksIntoIt() {
    // When
    int code = fail(new PortFailure.Unavailable("Consul did not answer", new Exception("why")));

    // Then
    assertEquals(ExitCode.ERROR, code);
    assertEquals(
        """
        canary: Consul did not answer
        canary: canary doctor tries to reach Consul and Nomad, and says what to do
        """,
        canary.err());
  }

  @Test
  void missingPermissionNamesTheCommandThatLooksIntoIt() {
    // When
    int code = fail(new PortFailure.Denied("read key: no permission"));

    // Then
    assertEquals(ExitCode.ERROR, code);
    assertEquals(
        """
        canary: read key: no permission
        canary: canary doctor shows which permissions are missing
        """,
        canary.err());
  }

  @Test
  void bugIsOneLineAndSaysHowToSeeMore() {
    // When
    int code = fail(new IllegalStateException("planted"));

    // Then
    assertEquals(ExitCode.ERROR, code);
    assertEquals(
        """
        canary: an error of this program: java.lang.IllegalStateException: planted
        canary: --verbose shows where it happened
        """,
        canary.err());
  }

  @Test
  void bugShowsWhereItHappenedWhenAsked() {
    // When
    int code = fail(new IllegalStateException("planted"), "--verbose");

    // Then
    assertEquals(ExitCode.ERROR, code);
    assertTrue(canary.err().contains("at io.canaryrun.cli.FailuresTest"), canary.err());
  }

  @Test
  void wrongUseIsAnotherExitCode() {
    assertEquals(ExitCode.USAGE, fail(new UsageError("there is no run api")));
    assertEquals("canary: there is no run api%n".formatted(), canary.err());
  }
}
