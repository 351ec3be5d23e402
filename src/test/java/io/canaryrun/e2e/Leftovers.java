package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;

/** What must not be there once all runs have ended, whatever happened to them. */
final class Leftovers {
  /** An orphan may live for a minute; the session of a dead daemon for 2 × TTL. */
  private static final Duration PATIENCE = Duration.ofSeconds(75);

  private final Stack stack;
  private final Statuses statuses;
  private final List<Daemon> daemons;

  Leftovers(Stack stack, Statuses statuses, List<Daemon> daemons) {
    this.stack = stack;
    this.statuses = statuses.strict();
    this.daemons = daemons;
  }

  /** Waits until nothing is left; fails with what there is. */
  void awaitNone() {
    try {
      await("nothing is left")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> found().isEmpty());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("left after " + PATIENCE + ": " + found(), e);
    }
  }

  /** No answer is no proof that nothing is left. */
  private List<String> found() {
    try {
      return seen();
    } catch (UncheckedIOException | IllegalStateException e) {
      return List.of("unknown, for there is no answer: " + e.getMessage());
    }
  }

  private List<String> seen() {
    var found = new ArrayList<String>();
    statuses.read().stream()
        .filter(held -> held.session().isPresent() || !held.ended())
        .forEach(held -> found.add("lock or run " + held));
    var sessions = new ArrayList<>(statuses.sessions());
    daemons.forEach(daemon -> sessions.remove("canary " + daemon.instance()));
    sessions.forEach(session -> found.add("session " + session));
    statuses.services().stream()
        .filter(service -> service.endsWith("-canary"))
        .forEach(service -> found.add("service " + service));
    stack.consul.keys("canary/commands/").forEach(key -> found.add("command " + key));
    for (var allocation : stack.nomad.send("GET", "/v1/allocations?namespace=*", null)) {
      var job = allocation.path("JobID").asText();
      var state = allocation.path("ClientStatus").asText();
      if (job.endsWith("-canary") && state.matches("running|pending")) {
        found.add(state + " allocation of " + job);
      }
    }
    return found;
  }
}
