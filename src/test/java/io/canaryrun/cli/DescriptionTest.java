package io.canaryrun.cli;

import static io.canaryrun.core.Given.NOW;
import static io.canaryrun.core.Given.PROCESS_START;
import static io.canaryrun.core.Given.STARTED;

import io.canaryrun.Golden;
import io.canaryrun.core.Given;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.TaskEvent;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.spec.Analysis;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What {@code canary describe} shows. */
class DescriptionTest {
  private static final Golden GOLDEN = Golden.in("description");
  private static final NomadJobs JOBS =
      new NomadJobs(
          "default",
          Optional.empty(),
          Optional.of("api-canary"),
          OptionalLong.of(91),
          Optional.empty(),
          Optional.of("api"),
          OptionalLong.of(3));

  @Test
  void endedRunWithWhatItsCanaryDiedOf() throws IOException {
    // Given
    var status =
        observing(Ledger.EMPTY.seen(List.of(Given.allocation("a"), crashed())))
            .moved(
                new Phase.Aborting(Reason.CANARY_RESTARTED, Optional.empty()),
                "restarts and lost or failed allocations: 1, at most 0 are allowed",
                NOW.plusSeconds(90))
            .moved(
                new Phase.Ended(Reason.CANARY_RESTARTED),
                "the canary is gone",
                NOW.plusSeconds(96));

    // Then
    assertShows("ended.txt", status, List.of());
  }

  @Test
  void activeRunWithAnswersAndACommandThatWaits() throws IOException {
    // Given
    var status =
        observing(Given.counted(41_200, 0))
            .answered(true, "paused by ada: lunch", NOW.plusSeconds(30));

    // Then
    assertShows(
        "active.txt",
        status,
        List.of(
            new Command.Asked(Command.Kind.ABORT, 90, 7, "bob", "no lunch"),
            new Command.Unreadable("explode", 91, "there is only abort")));
  }

  private static void assertShows(String file, RunStatus status, List<Command> waiting)
      throws IOException {
    var text = new StringWriter();
    new Description(new PrintWriter(text, true)).print(status, waiting);
    GOLDEN.assertMatches(file, text.toString().replace(System.lineSeparator(), "\n"));
  }

  private static AllocationSeen crashed() {
    return new AllocationSeen(
        "0f3c9a1e-4b7d-4d55-8a53-000000000001",
        "node-2",
        Optional.of("10.0.0.7:21345"),
        Optional.of(PROCESS_START),
        false,
        AllocationSeen.State.FAILED,
        0,
        false,
        Optional.of("task server: Not Restarting: Exceeded allowed attempts 0 in interval 5m0s"),
        List.of(
            STARTED,
            new TaskEvent(
                NOW.plusSeconds(80),
                "server",
                "Terminated",
                "Exit Code: 137, Exit Message: \"OOM Killed\""),
            new TaskEvent(
                NOW.plusSeconds(81),
                "server",
                "Not Restarting",
                "Exceeded allowed attempts 0 in interval 5m0s")));
  }

  private static RunStatus observing(Ledger ledger) {
    return RunStatus.pending(
            "api", OptionalLong.of(7), "sha256:7", NOW, new Owner("node-1", "session-1"))
        .frozen(JOBS, new Analysis(75_000, 0, 1e-4))
        .moved(
            new Phase.ObservingCounters(NOW.plusSeconds(1_800), Optional.empty()),
            "2 canaries are healthy, observing their counters",
            NOW.plusSeconds(20))
        .refreshed(ledger, JOBS, "0 of 75,000 requests", NOW.plusSeconds(21));
  }
}
