package io.canaryrun.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.DocumentSection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What came of thirty runs under real faults, as a section of {@code docs/reliability.md}. */
final class ReliabilityTable {
  private static final DocumentSection SECTION =
      new DocumentSection(DocumentSection.RELIABILITY, "real faults", "make chaos");

  private final Chaos chaos;
  private final long seed;

  ReliabilityTable(Chaos chaos, long seed) {
    this.chaos = chaos;
    this.seed = seed;
  }

  void write() throws IOException {
    SECTION.write(section());
  }

  private String section() throws IOException {
    return """
        ## Real faults

        Three daemons, each with a Nomad client and a Consul client of its own on one machine, and
        Toxiproxy on every way between them. Five waves of six releases, good and bad, in both
        modes, under real traffic; meanwhile faults are caused that are drawn from a seed, of daemons
        one after another, and beside them of Nomad (waves 1, 3 and 5) or Consul (waves 2 and 4).
        A release is *right* if it ended with the reason in the table, a good one with production on the
        new version and a bad one with production as it was, each submitted exactly once, and if in the
        end nothing was left: no canary in Nomad or Consul, no lock, no command, no session of a dead
        daemon. No outage excuses another reason here: every deadline of a run is longer than all faults
        of a wave together.

        `make chaos SEED=%d` repeats the schedule and writes this section.

        %s
        | releases | mode | must end with | runs | right |
        |---|---|---|---|---|
        %s
        | fault | times |
        |---|---|
        %s
        Takeovers, in seconds from the fault: until the dead owner had the run's lock no more, until
        another daemon had it, and until the name of that one stood in the status, with its first write.
        The lock's session has a TTL of 10 s, and Consul takes up to twice that to find it dead.
        *Disturbed*: meanwhile or up to %d s before, Consul was at fault as well; or, after SIGTERM, Nomad,
        meanwhile or up to %d s before: a daemon that is told to end lets its calls in flight return first.
        No bound is promised then. In every other case another daemon must have the lock within the
        bound and %d s of tolerance for a busy machine; the test fails where it does not.

        | fault of the owner | runs taken over | lock free: min, median, max | lock taken: min, median, max | name written: min, median, max | bound of lock taken |
        |---|---|---|---|---|---|
        %s
        """
        .formatted(
            seed,
            machine(),
            releases(),
            faults(),
            Faults.recovery(FaultKind.Side.CONSUL).toSeconds(),
            Faults.recovery(FaultKind.Side.NOMAD).toSeconds(),
            Takeover.TOLERANCE.toSeconds(),
            takeovers());
  }

  private String machine() throws IOException {
    var stack = chaos.stack;
    return """
        | seed | %d |
        |---|---|
        | machine | %s |
        | versions | Java %s, Nomad %s, Consul %s, Toxiproxy %s |
        """
        .formatted(
            seed,
            DocumentSection.machine(),
            System.getProperty("java.version"),
            stack.nomad.send("GET", "/v1/agent/self", null).at("/config/Version/Version").asText(),
            new ObjectMapper()
                .readTree(stack.consul.send("GET", "/v1/agent/self", "").body())
                .at("/Config/Version")
                .asText(),
            chaos.toxiproxy.version());
  }

  private String releases() {
    var groups =
        chaos.journal.endings().stream()
            .collect(groupingBy(it -> kind(it.release()), TreeMap::new, counting()));
    var right =
        chaos.journal.endings().stream()
            .filter(Journal.Ending::isRight)
            .collect(groupingBy(it -> kind(it.release()), counting()));
    return lines(
        groups.keySet().stream()
            .map(it -> "%s %d | %d |".formatted(it, groups.get(it), right.getOrDefault(it, 0L))));
  }

  private static String kind(Release release) {
    return "| %s | `%s` | `%s` |"
        .formatted(release.isGood() ? "good" : "bad", release.mode(), release.expected());
  }

  private String faults() {
    var counts =
        chaos.journal.faults().stream().collect(groupingBy(Function.identity(), counting()));
    return lines(
        Stream.of(FaultKind.values())
            .map(it -> "| %s | %d |".formatted(it.text(), counts.getOrDefault(it, 0L))));
  }

  private String takeovers() {
    return lines(
        FaultKind.of(FaultKind.Side.DAEMON).stream()
            .flatMap(kind -> Stream.of(row(kind, false), row(kind, true)))
            .filter(row -> !row.isEmpty()));
  }

  private String row(FaultKind kind, boolean disturbed) {
    var all =
        chaos.journal.takeovers().stream()
            .filter(it -> it.fault() == kind && it.disturbed() == disturbed)
            .toList();
    if (all.isEmpty() && disturbed) {
      return "";
    }
    return "| %s%s | %d | %s | %s | %s | %s |"
        .formatted(
            kind.text(),
            disturbed ? ", disturbed" : "",
            all.size(),
            spread(all.stream().map(Takeover::freed).sorted().toList()),
            spread(all.stream().map(Takeover::held).sorted().toList()),
            spread(all.stream().map(Takeover::taken).sorted().toList()),
            disturbed ? "" : Takeover.bound(kind).toSeconds());
  }

  private static String spread(List<Duration> sorted) {
    return sorted.isEmpty()
        ? ""
        : "%s, %s, %s"
            .formatted(
                seconds(sorted.getFirst()),
                seconds(sorted.get(sorted.size() / 2)),
                seconds(sorted.getLast()));
  }

  private static String seconds(Duration length) {
    return String.format(Locale.ROOT, "%.2f", length.toMillis() / 1000.0);
  }

  private static String lines(Stream<String> rows) {
    return rows.map(row -> row + "\n").reduce("", String::concat);
  }
}
