package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.analysis.CanaryTally.Shown;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Ledger.Earlier;
import io.canaryrun.core.analysis.ProcessCounts;
import io.canaryrun.core.analysis.ReadState;
import java.util.LinkedHashMap;

/**
 * The ledger as the status shows it ({@code canaries}), and what somebody needs to go on counting:
 * {@code earlier…} of each canary and of all that are not listed any more.
 */
final class LedgerCodec {
  private LedgerCodec() {}

  static void write(ObjectNode node, Ledger ledger) {
    var canaries = node.putArray("canaries");
    ledger.canaries().values().forEach(tally -> canaries.add(canary(tally)));
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
  private static ObjectNode canary(CanaryTally tally) {
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
    node.put("previousRequests", counts.previousRequests());
    put(node, "earlierRequests", counts.earlierRequests());
    put(node, "earlierErrors", counts.earlierErrors());
    if (!shown.live()) {
      node.put("live", false);
    }
    put(node, "distrust", reads.distrust());
    reads.failingSince().ifPresent(since -> node.put("failingSince", since.toString()));
    return node;
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
            earlier.path("requests").asLong(),
            earlier.path("errors").asLong(),
            earlier.path("restarts").asInt(),
            earlier.path("failures").asInt()));
  }

  private static CanaryTally readCanary(JsonNode node) {
    var earlierRequests = node.path("earlierRequests").asLong();
    var earlierErrors = node.path("earlierErrors").asLong();
    return new CanaryTally(
        new Shown(
            Json.need(Json.text(node, "allocId"), "allocId"),
            Json.text(node, "node").orElse(""),
            Json.text(node, "address").orElse(""),
            node.path("restarts").asInt(),
            node.path("healthy").asBoolean(),
            node.path("live").asBoolean(true),
            Json.text(node, "state").orElse("")),
        new ProcessCounts(
            Json.time(node, "processStartedAt"),
            earlierRequests,
            earlierErrors,
            node.path("requests").asLong() - earlierRequests,
            node.path("previousRequests").asLong(),
            node.path("errors").asLong() - earlierErrors),
        new ReadState(
            Json.time(node, "lastReadAt"),
            Json.time(node, "failingSince"),
            node.path("distrust").asInt(),
            Json.text(node, "problem")));
  }
}
