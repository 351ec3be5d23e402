package io.canaryrun.cli;

import static io.canaryrun.fake.Surroundings.definition;

import io.canaryrun.Golden;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.observation.Difference;
import io.canaryrun.core.observation.Difference.Field;
import io.canaryrun.core.observation.Difference.Kind;
import io.canaryrun.core.observation.Difference.Level;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.fake.Surroundings;
import io.canaryrun.operator.RunPlan;
import io.canaryrun.operator.RunPlanner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What people and programs read of a plan. */
class PlanTextTest {
  private static final Golden GOLDEN = Golden.in("plan");

  private final Surroundings world = new Surroundings();

  @Test
  void goodDefinition() throws IOException {
    var plan = plan(definition("api:42", "\"canary\":{\"count\":3}"));

    GOLDEN.assertMatches("runs.txt", text(plan, false));
    GOLDEN.assertMatches("runs.json", PlanJson.write(plan, false) + "\n");
  }

  @Test
  void wholeJob() throws IOException {
    world.traffic = _ -> new Failed("status 404");

    GOLDEN.assertMatches(
        "deployment.txt",
        text(plan(definition("api:42", "\"canary\":{\"count\":2,\"mode\":\"deployment\"}")), true));
  }

  @Test
  void refusedDefinition() throws IOException {
    var plan = plan(definition("api:42", "\"nomad\":{\"namespace\":\"other\"}"));

    GOLDEN.assertMatches("refused.txt", text(plan, true));
    GOLDEN.assertMatches("refused.json", PlanJson.write(plan, true) + "\n");
  }

  @Test
  void everyKindOfDifference() throws IOException {
    // Given
    var resources = block("Resources", new Field(Kind.CHANGED, "MemoryMB", "20", "30", List.of()));
    var task =
        new Difference(
            Kind.CHANGED,
            Level.TASK,
            "web",
            List.of(
                new Field(Kind.ADDED, "Env[NEW]", "", "a \"b\"\n\u001b[31m", List.of()),
                new Field(Kind.REMOVED, "Env[OLD]", "x".repeat(200), "", List.of())),
            List.of(resources),
            List.of("forces create/destroy update"));
    var web =
        new Difference(
            Kind.CHANGED,
            Level.GROUP,
            "web",
            List.of(new Field(Kind.CHANGED, "Count", "2", "3", List.of("forces create"))),
            List.of(task),
            List.of());
    var side = new Difference(Kind.SAME, Level.GROUP, "side", List.of(), List.of(), List.of());
    var job =
        new Difference(Kind.CHANGED, Level.JOB, "api", List.of(), List.of(side, web), List.of());
    var updates = new TreeMap<>(Map.of("web", new Plan.Updates(Map.of("create", 1, "canary", 2))));

    // When
    var lines = DifferenceText.lines(new Plan(job, updates, Optional.empty(), List.of()));

    // Then
    GOLDEN.assertMatches("difference.txt", String.join("\n", lines) + "\n");
  }

  private static Difference block(String name, Field... fields) {
    return new Difference(Kind.CHANGED, Level.BLOCK, name, List.of(fields), List.of(), List.of());
  }

  private RunPlan plan(String definition) {
    return new RunPlanner(world.ports(), world.settings())
        .plan(Surroundings.read(definition), definition);
  }

  private static String text(RunPlan plan, boolean inFull) {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    new PlanText(out).print(plan, inFull);
    out.flush();
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
