package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The shell of {@code examples/ci}, exactly as it stands there, run as each CI runs it: a good
 * release, the same job once more, and a bad release.
 */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class CiExamplesTest {
  private static final Map<String, String> BROKEN = Map.of("ERROR_RATE", "0.05");

  private final Stack stack;

  CiExamplesTest(Stack stack) {
    this.stack = stack;
  }

  /** The canary is a job of its own, and the pipeline deploys. */
  @Test
  void jenkins() throws Exception {
    // Given
    var run = new Run(stack, "ci-jenkins").production(1);
    var example = CiExample.jenkins();
    var good =
        job(run, 7, handWritten(run, "0"))
            .with(Map.of("BUILD_TAG", "jenkins-api-7", "GIT_COMMIT", "a7"));
    var bad =
        job(run, 8, handWritten(run, "0.05"))
            .with(Map.of("BUILD_TAG", "jenkins-api-8", "GIT_COMMIT", "b8"));
    for (var job : new CiJob[] {good, bad}) {
      Files.writeString(job.workspace().resolve("api.nomad.hcl"), run.hcl(1, "1"));
    }

    // Then
    releases(run, example, new Releases(good, "CANARY GOOD", bad, "CANARY BAD: b8"));
    assertEquals("a7", run.version(run.name));
    run.assertClean();
  }

  private static String handWritten(Run run, String errorRate) {
    var source = Run.source(run.canaryHcl(2), Map.of("error_rate", errorRate));
    return run.definition(
        "\"promote\":\"none\"", "\"canary\":{\"count\":2,\"job\":{%s}}".formatted(source));
  }

  @Test
  void gitHubActions() throws Exception {
    // Given
    var run = new Run(stack, "ci-github").production(1);
    var example = CiExample.gitHub();
    var good = gitHub(job(run, 7, run.definition(Map.of())), "7", "a7");
    var bad = gitHub(job(run, 8, run.definition(BROKEN)), "8", "b8");

    // Then
    releases(
        run,
        example,
        new Releases(
            good,
            "::notice title=canary::good: production runs a7",
            bad,
            "::error title=canary::bad: b8"));
    assertEquals("a7", run.version(run.name));
    assertTrue(bad.artefact("summary.md").contains("ErrorsExceeded"), bad.artefact("summary.md"));
    run.assertClean();
  }

  private static CiJob gitHub(CiJob job, String number, String commit) {
    return job.with(
        Map.of(
            "GITHUB_RUN_ID",
            number,
            "GITHUB_SHA",
            commit,
            "GITHUB_PATH",
            job.workspace().resolve("path").toString(),
            "GITHUB_STEP_SUMMARY",
            job.workspace().resolve("summary.md").toString()));
  }

  @Test
  void gitLab() throws Exception {
    // Given
    var run = new Run(stack, "ci-gitlab").production(1);
    var example = CiExample.gitLab();
    var good = gitLab(job(run, 7, run.definition(Map.of())), "7", "a7");
    var bad = gitLab(job(run, 8, run.definition(BROKEN)), "8", "b8");

    // Then
    releases(
        run, example, new Releases(good, "CANARY GOOD: production runs a7", bad, "CANARY BAD: b8"));
    assertEquals("a7", run.version(run.name));
    run.assertClean();
  }

  private static CiJob gitLab(CiJob job, String pipeline, String commit) {
    return job.with(
        Map.of(
            "CI_PIPELINE_ID", pipeline,
            "CI_COMMIT_SHA", commit,
            "CONSUL_HTTP_TOKEN", CiExample.SECRET));
  }

  /** Two jobs of one pipeline, and what each must say in the end. */
  private record Releases(CiJob good, String saysGood, CiJob bad, String saysBad) {}

  private void releases(Run run, CiExample example, Releases releases) throws Exception {
    try (var archive = ClientArchive.serve(CanaryProgram.archive());
        var _ = Traffic.to(run)) {
      var settings = new HashMap<>(stack.environment());
      settings.putAll(archive.settings());
      settings.put("RUN", run.name);
      var set = example.with(settings);

      // When
      var good = releases.good().run(set);

      // Then
      assertEquals(0, good.exitCode(), good.output());
      assertTrue(good.output().contains(releases.saysGood()), good.output());
      assertTrue(releases.good().artefact("canary-run.json").contains("\"GoalReached\""));
      assertTrue(releases.good().artefact("canary-run.txt").contains("GoalReached"));
      long generation = run.generation();

      // When
      var again = releases.good().run(set);

      // Then
      assertEquals(0, again.exitCode(), again.output());
      assertTrue(again.output().contains("has ended, Succeeded"), again.output());
      assertEquals(generation, run.generation());

      // When
      var bad = releases.bad().run(set);

      // Then
      assertEquals(3, bad.exitCode(), bad.output());
      assertTrue(bad.output().contains(releases.saysBad()), bad.output());
      assertFalse(bad.output().contains(releases.saysGood()), bad.output());
      assertFalse(bad.output().contains(CiExample.SECRET), bad.output());
      assertTrue(releases.bad().artefact("canary-run.json").contains("\"ErrorsExceeded\""));
      assertTrue(releases.bad().artefact("canary-run.txt").contains("ErrorsExceeded"));
    }
  }

  private CiJob job(Run run, int number, String definition) throws IOException {
    var workspace =
        Files.createDirectories(stack.directory.resolve(run.name + "-" + number)).toRealPath();
    Files.writeString(workspace.resolve("canary.json"), definition);
    return new CiJob(workspace, Map.of());
  }
}
