package io.canaryrun.cli;

import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** How fast requests come to a run, by what was seen of it lately. */
final class Progress {
  /** Long enough to smooth, short enough to follow a change of the traffic. */
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(Instant at, long requests) {}

  /** Samples begin with the first requests: the time before says nothing of the rate. */
  void saw(RunStatus status) {
    var at = status.updatedAt();
    long requests = status.ledger().requests();
    if (requests > 0 && (samples.isEmpty() || at.isAfter(samples.getLast().at))) {
      samples.addLast(new Sample(at, requests));
    }
    while (samples.size() > 2 && samples.getFirst().at.isBefore(at.minus(WINDOW))) {
      samples.removeFirst();
    }
  }

  /** Empty: not known yet, or no requests come. */
  OptionalDouble requestsPerSecond() {
    if (samples.size() < 2) {
      return OptionalDouble.empty();
    }
    var took = Duration.between(samples.getFirst().at, samples.getLast().at);
    long came = samples.getLast().requests - samples.getFirst().requests;
    return came > 0 && took.toMillis() > 0
        ? OptionalDouble.of(1_000.0 * came / took.toMillis())
        : OptionalDouble.empty();
  }

  /** How long it takes until there are enough requests; empty: not known, or not waited for. */
  Optional<Duration> remaining(RunStatus status) {
    long missing = status.goal() - status.ledger().requests();
    if (missing <= 0 || !(status.phase() instanceof Phase.ObservingCounters)) {
      return Optional.empty();
    }
    return requestsPerSecond().stream()
        .mapToObj(rate -> Duration.ofSeconds((long) Math.ceil(missing / rate)))
        .findFirst();
  }

  /** The rate and what remains; empty where neither is known. */
  String inWords(RunStatus status) {
    var rate = requestsPerSecond();
    if (rate.isEmpty() || status.phase().isTerminal()) {
      return "";
    }
    return String.format(Locale.ROOT, "%,.0f/s", rate.getAsDouble())
        + remaining(status).map(left -> ", ETA " + StatusText.age(left)).orElse("");
  }
}
