package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistypedTest {
  private final CommandLines canary = new CommandLines();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aply -f x | there is no command aply; did you mean apply? | canary",
        "deploy | there is no command deploy | canary",
        "run-name | there is no command run-name | canary",
        "--versoin | there is no option --versoin; did you mean --version? | canary",
        "apply --wat x | there is no option --wat of apply; did you mean --wait? | canary apply",
        "apply --tiemout=5m x | there is no option --tiemout of apply; did you mean --timeout?"
            + " | canary apply",
        "wait a b | b is one argument of wait too many | canary wait",
        "apply --wait | Missing required argument(s): ([-f=FILE]... [FILE...]) | canary apply",
        "wait | Missing required parameter: 'NAME' | canary wait",
        "validate --set image x | --set image: has no value; it must be like image=api:42"
            + " | canary validate",
        "apply --timeout 45 x | Invalid value for option '--timeout': '45' must be like 90s, 45m or"
            + " 1h30m | canary apply",
        "describe api --generation x | Invalid value for option '--generation': 'x' is not a whole"
            + " number | canary describe",
        "get -o jsn | Invalid value for option '--output': expected one of [table, wide, json]"
            + " (case-insensitive) but was 'jsn' | canary get"
      })
  void whatIsTypedWronglyIsNamedWithWhatWasProbablyMeant(
      String typed, String problem, String command) {
    // When
    int code = canary.execute(typed.split(" "));

    // Then
    assertEquals(ExitCode.USAGE, code);
    assertEquals(
        "canary: %s%ncanary: %s --help shows what there is%n".formatted(problem, command),
        canary.err());
  }

  @Test
  void nothingTypedShowsTheHelp() {
    // When
    int code = canary.execute();

    // Then
    assertEquals(ExitCode.USAGE, code);
    assertTrue(canary.err().startsWith("Usage: canary"), canary.err());
  }
}
