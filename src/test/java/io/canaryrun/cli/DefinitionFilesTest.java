package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which definitions a command takes; nothing is written where one of them is wrong. */
class DefinitionFilesTest {
  private static final String DEFINITION =
      """
      {"apiVersion":"canary/v1","kind":"CanaryRun","metadata":{"name":"%s"},
       "spec":{"job":{"nomadJob":"%1$s"}}}
      """;

  @TempDir private Path directory;
  private final CommandLines canary = new CommandLines();
  private String a;
  private String b;

  @BeforeEach
  void files() throws IOException {
    a = definition("a.json", "a");
    b = definition("b.json", "b");
  }

  private String definition(String file, String name) throws IOException {
    return Files.writeString(directory.resolve(file), DEFINITION.formatted(name)).toString();
  }

  @Test
  void filesAreTakenWithTheOptionAndWithoutInTheirOrder() {
    assertEquals(0, canary.execute("validate", "-f", b, "-f", a, a));

    assertEquals("%s: valid%n%s: valid%n%s: valid%n".formatted(b, a, a), canary.out());
  }

  @Test
  void directoryStandsForItsFiles() {
    assertEquals(0, canary.execute("validate", directory.toString()));

    assertEquals("%s: valid%n%s: valid%n".formatted(a, b), canary.out());
  }

  @Test
  void everythingThatIsWrongIsNamed() throws IOException {
    // Given
    var empty = Files.createDirectory(directory.resolve("empty"));

    // When
    int code =
        canary.execute(
            "apply", a, empty.toString(), "--set", "imge=x", "--set", "analysis.requests=many");

    // Then
    assertEquals(2, code);
    var said = canary.err();
    assertTrue(said.contains(a + ": --set imge: there is no such field"), said);
    assertTrue(said.contains(a + ": --set analysis.requests: 'many' is not a whole number"), said);
    assertTrue(said.contains(empty + ": there is no definition in this directory"), said);
  }

  @Test
  void dashIsStandardInput() {
    // Given
    var before = System.in;
    var invalid = DEFINITION.formatted("c").replace("nomadJob", "nomdJob");
    System.setIn(new ByteArrayInputStream(invalid.getBytes(StandardCharsets.UTF_8)));
    try {

      // When
      int code = canary.execute("validate", "-f", "-", a);

      // Then
      assertEquals(ExitCode.USAGE, code);
      assertEquals(
          """
          standard input: /spec/job: needs exactly one of hcl, json, consulKey, nomadJob, it has none
          standard input: /spec/job/nomdJob: is not a known field; did you mean nomadJob?
          %s: valid
          """
              .formatted(a),
          canary.out());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void everyProblemOfEveryFileIsNamedBeforeAnythingIsWritten() throws IOException {
    // Given
    var again = definition("again.json", "a");
    var missing = directory.resolve("missing.json").toString();

    // When
    int code = canary.execute("apply", a, again, missing, b, "--set", "health.stableFor=soon");

    // Then
    var problem =
        "/spec/health/stableFor: is \"soon\"; it must be a duration like \"1m30s\" from 0s to 1h";
    assertEquals(ExitCode.USAGE, code);
    assertEquals(
        """
        canary: %s: %s
        %s: %s
        %s: there is no such file
        %s: %s
        """
            .formatted(a, problem, again, problem, missing, b, problem),
        canary.err());
  }

  @Test
  void twoDefinitionsOfOneRunAreRefused() throws IOException {
    var again = definition("again.json", "a");

    assertEquals(ExitCode.USAGE, canary.execute("apply", a, b, again));
    assertEquals(
        "canary: %s: run a is defined in %s, too; leave one of them out%n".formatted(again, a),
        canary.err());
  }

  @Test
  void standardInputHoldsOneDefinition() {
    assertEquals(ExitCode.USAGE, canary.execute("apply", "-f", "-", "-"));
    assertEquals(
        "canary: - is given twice: standard input holds one definition%n".formatted(),
        canary.err());
  }

  @Test
  void commandsForOneDefinitionTakeNoMore() {
    assertEquals(ExitCode.USAGE, canary.execute("plan", a, b));
    assertEquals(
        """
        canary: %s is one argument of plan too many
        canary: canary plan --help shows what there is
        """
            .formatted(b),
        canary.err());
  }

  @Test
  void commandsForOneDefinitionTakeNoDirectory() {
    assertEquals(ExitCode.USAGE, canary.execute("plan", directory.toString()));
    assertEquals(
        "canary: %s: this is a directory, and one definition is taken here%n".formatted(directory),
        canary.err());
  }
}
