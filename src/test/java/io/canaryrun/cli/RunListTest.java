package io.canaryrun.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.Golden;
import io.canaryrun.cli.RunList.Row;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.fake.ManualTime;
import io.canaryrun.port.StoredDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/** What {@code canary get} lists. */
class RunListTest {
  private static final Golden GOLDEN = Golden.in("list");

  private final ManualTime time = new ManualTime();
  private final RunList runs =
      new RunList(
          new TreeMap<>(
              Map.of(
                  "ended", taken(ended()),
                  "api", taken(ShownRun.inJob(time).observing().counted(41_200, 0)),
                  "new",
                      new Row(
                          Optional.of(new StoredDefinition("new", 12, "{}")), Optional.empty()))));

  @Test
  void listsRunsInATable() throws IOException {
    GOLDEN.assertMatches("table.txt", text(runs.table(false, time.instant())));
    GOLDEN.assertMatches("wide.txt", text(runs.table(true, time.instant())));
    assertEquals("no runs\n", text(new RunList(new TreeMap<>()).table(false, time.instant())));
  }

  @Test
  void keepsThoseThatGoOnWhereThereIsNoRoomForAll() {
    assertEquals(Set.of("api", "new"), runs.newest(2).rows().keySet());
    assertEquals(Set.of(), runs.newest(-1).rows().keySet());
  }

  private ShownRun ended() {
    var run = ShownRun.inJob(time).observing().counted(12, 1).gone();
    time.pass(Duration.ofMinutes(5));
    return run.moved(new Phase.Ended(Reason.ERRORS_EXCEEDED), "the canary is gone");
  }

  private static Row taken(ShownRun run) {
    RunStatus status = run.status();
    return new Row(Optional.empty(), Optional.of(status));
  }

  private static String text(List<AttributedString> lines) {
    return lines.stream().map(line -> line + "\n").collect(joining());
  }
}
