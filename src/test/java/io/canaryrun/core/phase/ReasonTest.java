package io.canaryrun.core.phase;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void eachStandsWithItsExitCodeInTheTableForPipelines() throws IOException {
    var table = Files.readAllLines(Path.of("docs/pipelines.md"));
    for (var reason : Reason.values()) {
      var code = "| %d |".formatted(reason.exitCode());
      var word = "`%s`".formatted(reason.word());
      assertTrue(
          table.stream().anyMatch(line -> line.startsWith(code) && line.contains(word)),
          reason + " has no row " + code);
    }
  }
}
