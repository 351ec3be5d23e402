package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;

/**
 * One release as it was drawn.
 *
 * @param after the wave's begin
 * @param requests that make a verdict
 * @param errorEvery so many requests to one instance, the new version answers with an error; 0: it
 *     is good
 */
record Release(
    String name, Duration after, boolean inDeployment, int canaries, int requests, int errorEvery) {

  /**
   * Every deadline of a run is far longer than all faults of a wave together. So no outage makes
   * {@code DeadlineExceeded}, or any other end than that of good or bad counters, right.
   */
  private static final String[] DEADLINES = {
    "\"deadline\":\"10m\"",
    "\"promoteDeadline\":\"10m\"",
    "\"health\":{\"deadline\":\"10m\",\"stableFor\":\"1s\"}",
    "\"counters\":{\"interval\":\"500ms\",\"timeout\":\"1s\",\"unreachableFor\":\"60s\"}"
  };

  boolean isGood() {
    return errorEvery == 0;
  }

  String mode() {
    return inDeployment ? "deployment" : "job";
  }

  /** The reason with which it must end. */
  String expected() {
    return isGood() ? "GoalReached" : "ErrorsExceeded";
  }

  /** The service that has its canaries. */
  String service(Run run) {
    return inDeployment ? run.name : run.canary();
  }

  /**
   * Writes its definition, as often as it takes.
   *
   * @return the generation
   */
  long submit(Run run) {
    var text = definition(run);
    return await(name + " is written")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> run.put(text).generation(), generation -> generation > 0);
  }

  private String definition(Run run) {
    var env = isGood() ? Map.<String, String>of() : Map.of("ERROR_EVERY", "" + errorEvery);
    var fields = new String[DEADLINES.length + 2];
    System.arraycopy(DEADLINES, 0, fields, 2, DEADLINES.length);
    fields[0] = "\"canary\":{\"mode\":\"%s\",\"count\":%d}".formatted(mode(), canaries);
    fields[1] = "\"analysis\":{\"requests\":%d}".formatted(requests);
    return run.definition(env, fields);
  }

  /** What must be true once it has ended and the world works again. */
  void assertRight(Run run, JsonNode end) {
    assertEquals(expected(), end.path("reason").asText(), end.toString());
    assertEquals(end, run.history(end.path("generation").asLong()), "its history");
    run.awaitInstances(1).awaitDeployed();
    assertEquals(1, run.running(name), "allocations of production");
    assertEquals(isGood() ? "2" : "1", run.version(name));
    if (isGood()) {
      assertEquals(0, end.at("/totals/errors").asLong(), end.toString());
      assertTrue(end.at("/totals/requests").asLong() >= requests, end.toString());
    }
    assertSubmittedOnce(run);
    run.assertUnlocked();
  }

  private void assertSubmittedOnce(Run run) {
    if (inDeployment) {
      assertEquals(isGood() ? 2 : 3, run.submissions(name), "the bad one is taken back");
    } else {
      assertEquals(isGood() ? 2 : 1, run.submissions(name), "submissions of production");
      assertEquals(1, run.submissions(run.canary()), "submissions of the canary");
      run.assertClean();
    }
  }
}
