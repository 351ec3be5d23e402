package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.analysis.CanaryTally.Shown;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Ledger.Earlier;
import io.canaryrun.core.analysis.ProcessCounts;
import io.canaryrun.core.analysis.ReadState;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.observation.TaskEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The ledger as the status shows it ({@code canaries}), and what somebody needs to go on counting:
 * {@code earlier…} of each canary and of all that are not listed any more.
 */
final class LedgerCodec {
  private LedgerCodec() {}

  /**
   * @param events how many task events there is room for: canaries in trouble come first
   */
  static void write(ObjectNode node, Ledger ledger, int events) {
    var canaries = node.putArray("canaries");
    var told = told(ledger, events);
    ledger
        .canaries()
        .values()
        .forEach(tally -> canaries.add(canary(tally, told.contains(tally.allocId()))));
    var earlier = ledger.earlier();
    if (!earlier.equals(Ledger.EMPTY.earlier())) {
      node.putObject("earlier")
          .put("requests", earlier.requests())
          .put("errors", earlier.errors())
          .put("restarts", earlier.restarts())
          .put("failures", earlier.failures());
    }
  }

  /** What a takeover needs is left out where it is nothing: 500 canaries must fit. */
  private static ObjectNode canary(CanaryTally tally, boolean withEvents) {
    var node = Json.object();
    var shown = tally.shown();
    var counts = tally.counts();
    var reads = tally.reads();
    node.put("allocId", shown.allocId()).put("node", shown.node()).put("address", shown.address());
    Json.put(node, "processStartedAt", counts.startedAt());
    node.put("requests", tally.totalRequests());
    node.put("errors", tally.totalErrors());
    node.put("restarts", shown.restarts());
    node.put("healthy", shown.healthy());
    node.put("state", shown.state());
    Json.put(node, "lastReadAt", reads.lastAt());
    Json.put(node, "problem", tally.problem().map(LedgerCodec::cut));
    put(node, "earlierRequests", counts.earlierRequests());
    put(node, "earlierErrors", counts.earlierErrors());
    if (!shown.live()) {
      node.put("live", false);
    }
    put(node, "distrust", reads.distrust());
    reads.failingSince().ifPresent(since -> node.put("failingSince", since.toString()));
    if (withEvents && !shown.events().isEmpty()) {
      var events = node.putArray("events");
      shown.events().forEach(event -> events.add(event(event)));
    }
    return node;
  }

  /** Whose task events are written. */
  private static Set<String> told(Ledger ledger, int room) {
    var byNeed = new ArrayList<>(ledger.canaries().values());
    byNeed.sort(Comparator.comparing(tally -> !tally.isTroubled() && tally.problem().isEmpty()));
    var told = new HashSet<String>();
    int left = room;
    for (var tally : byNeed) {
      left -= tally.shown().events().size();
      if (left < 0) {
        break;
      }
      told.add(tally.allocId());
    }
    return told;
  }

  private static ObjectNode event(TaskEvent event) {
    return Json.object()
        .put("time", event.at().toString())
        .put("task", event.task())
        .put("type", event.type())
        .put("message", event.message());
  }

  private static List<TaskEvent> readEvents(JsonNode nodes) {
    return StreamSupport.stream(nodes.spliterator(), false)
        .map(
            node ->
                new TaskEvent(
                    Json.need(Json.time(node, "time"), "time"),
                    Json.text(node, "task").orElse(""),
                    Json.text(node, "type").orElse(""),
                    Json.text(node, "message").orElse("")))
        .toList();
  }

  private static void put(ObjectNode node, String field, long value) {
    if (value != 0) {
      node.put(field, value);
    }
  }

  /** One problem out of 500 needs few words. */
  private static String cut(String problem) {
    return problem.length() <= 100 ? problem : problem.substring(0, 99) + "…";
  }

  static Ledger read(JsonNode node) {
    var canaries = new LinkedHashMap<String, CanaryTally>();
    for (var canary : node.path("canaries")) {
      var tally = readCanary(canary);
      canaries.put(tally.allocId(), tally);
    }
    var earlier = node.path("earlier");
    return new Ledger(
        canaries,
        new Earlier(
            count(earlier, "requests"),
            count(earlier, "errors"),
            times(earlier, "restarts"),
            times(earlier, "failures")));
  }

  /** No more than a counter may show, so that sums of them do not overflow. */
  private static long count(JsonNode node, String field) {
    long count = notNegative(node.path(field).asLong());
    if (count > Counted.MAX) {
      throw new IllegalArgumentException(field + " is more than can be counted");
    }
    return count;
  }

  private static int times(JsonNode node, String field) {
    return (int) notNegative(node.path(field).asInt());
  }

  private static long notNegative(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("nothing was counted %d times".formatted(count));
    }
    return count;
  }

  private static CanaryTally readCanary(JsonNode node) {
    var earlierRequests = count(node, "earlierRequests");
    var earlierErrors = count(node, "earlierErrors");
    return new CanaryTally(
        new Shown(
            Json.need(Json.text(node, "allocId"), "allocId"),
            Json.text(node, "node").orElse(""),
            Json.text(node, "address").orElse(""),
            times(node, "restarts"),
            node.path("healthy").asBoolean(),
            node.path("live").asBoolean(true),
            Json.text(node, "state").orElse(""),
            readEvents(node.path("events"))),
        new ProcessCounts(
            Json.time(node, "processStartedAt"),
            earlierRequests,
            earlierErrors,
            notNegative(count(node, "requests") - earlierRequests),
            notNegative(count(node, "errors") - earlierErrors)),
        new ReadState(
            Json.time(node, "lastReadAt"),
            Json.time(node, "failingSince"),
            node.path("distrust").asInt(),
            Json.text(node, "problem")));
  }
}
