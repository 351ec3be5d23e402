package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.Golden;
import io.canaryrun.core.observation.Command;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.Doctor;
import io.canaryrun.operator.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What people see of findings, and what is done about them. */
class FindingTextTest {
  private static final Golden GOLDEN = Golden.in("doctor");

  private final Surroundings world = new Surroundings();
  private final StringWriter text = new StringWriter();

  @Test
  void allWell() throws IOException {
    GOLDEN.assertMatches("well.txt", lines(examine(), true));
  }

  @Test
  void warningsAndProblems() throws IOException {
    troubled();

    GOLDEN.assertMatches("trouble.txt", lines(examine(), true));
    GOLDEN.assertMatches("trouble-ascii.txt", lines(examine(), false));
  }

  @Test
  void nothingIsChangedWithoutConsent() throws IOException {
    // Given
    troubled();

    // When
    int code = treatment(false).of(examine());

    // Then
    assertEquals(1, code);
    GOLDEN.assertMatches("would.txt", said());
    assertEquals(1, world.consul.presentCommands().size());
  }

  @Test
  void whatCanBeDoneIsDoneAndTheRestIsLeft() throws IOException {
    // Given
    troubled();

    // When
    int code = treatment(true).of(examine());

    // Then
    assertEquals(1, code); // Nobody carries on the run.
    GOLDEN.assertMatches("done.txt", said());
    assertEquals(0, world.consul.presentCommands().size());
  }

  @Test
  void nothingToDoIsWell() throws IOException {
    // When
    int code = treatment(false).of(examine());

    // Then
    assertEquals(0, code);
    GOLDEN.assertMatches("nothing.txt", said());
  }

  private void troubled() {
    world.nomad.shows("1.10.5", Duration.ofSeconds(30));
    world.consul.userWrites("api", Surroundings.definition("api:42"));
    world.consul.writeCommand("shop", new Command.Asked(Command.Kind.ABORT, 0, 7, "ada", ""));
  }

  private List<Finding> examine() {
    var findings = new ArrayList<Finding>();
    new Doctor(world.ports(), world.settings(), findings::add).examine();
    return findings;
  }

  private static String lines(List<Finding> findings, boolean signs) {
    return findings.stream()
        .map(finding -> FindingText.line(finding, signs) + "\n")
        .collect(Collectors.joining());
  }

  private Treatment treatment(boolean agreed) {
    return new Treatment(new PrintWriter(text, true), agreed, Optional.empty());
  }

  private String said() {
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
