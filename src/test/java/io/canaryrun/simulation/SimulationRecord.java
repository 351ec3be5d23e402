package io.canaryrun.simulation;

import io.canaryrun.DocumentSection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of the simulation, as a section of {@code docs/reliability.md}. */
final class SimulationRecord {
  private static final DocumentSection SECTION =
      new DocumentSection(DocumentSection.RELIABILITY, "simulation", "make reliability");
  static final boolean WRITTEN = Boolean.getBoolean("simulation.record");

  private static final Map<String, String> WORLDS = new TreeMap<>();
  private static final Map<PlantedBug, String> BUGS = new EnumMap<>(PlantedBug.class);

  private SimulationRecord() {}

  /** Tells of worlds that all held, or not. */
  static synchronized void worlds(String which, long worlds, Duration took, long broken) {
    var perMinute = worlds * 60_000d / took.toMillis();
    System.out.printf(
        "simulation, %s: %,d worlds, %,.0f per minute, invariants broken in %,d%n",
        which, worlds, perMinute, broken);
    WORLDS.put(which, "%,d | %,.0f | %,d".formatted(worlds, perMinute, broken));
    write();
  }

  static synchronized void bug(PlantedBug bug, String finder) {
    System.out.printf("planted bug %s: found by %s%n", bug, finder);
    BUGS.put(bug, "%s | %s".formatted(bug.breaks, finder));
    write();
  }

  private static void write() {
    try {
      if (WRITTEN) {
        SECTION.write(section());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String section() throws IOException {
    return """
    ## Simulation

    The daemon's own code on simulated agents and a virtual clock. Two kinds of worlds: each scenario
    with a crash, and with a standstill past the life of a session, at every single call of a port;
    and worlds that a seed makes: one to three daemons, a scenario or two, faults of calls, outages,
    lost sessions, daemons cut off from Nomad, wrong clocks, upgrades and people. After the faults
    everything must settle and stay; in one of three worlds, one more run is then defined, whose owner
    dies and whose canaries then fail, so that the bounds of a takeover (L2) and of a stop order (L3)
    are measured on daemons that went through all that. `make simulate SEED=n` replays a world exactly.

    | machine | %s |
    |---|---|

    | worlds | number | per minute | invariants broken in |
    |---|---|---|---|
    %s
    Bugs that are planted between the daemon and its ports, one at a time, the invariant that each
    must be seen to break, and what finds it first, where the world holds without the bug:

    | planted bug | breaks | found by |
    |---|---|---|
    %s
    """
        .formatted(DocumentSection.machine(), rows(WORLDS), rows(BUGS));
  }

  private static String rows(Map<?, String> rows) {
    return rows.entrySet().stream()
        .map(row -> "| %s | %s |\n".formatted(inWords(row.getKey()), row.getValue()))
        .collect(Collectors.joining());
  }

  private static String inWords(Object what) {
    return what.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
