package io.canaryrun.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.analysis.CanaryTally;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.Scheduler;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** For programs: one JSON object per event, its fields as {@code docs/live-view.md} says. */
final class JsonDisplay implements Display {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;
  private final Scheduler scheduler;
  private final Changes changes = new Changes();
  private final Progress progress = new Progress();

  JsonDisplay(PrintWriter out, Scheduler scheduler) {
    this.out = out;
    this.scheduler = scheduler;
  }

  @Override
  public synchronized void show(RunStatus status) {
    progress.saw(status);
    var now = scheduler.now();
    changes
        .next(Changes.of(status), now)
        .map(event -> event.name().toLowerCase(Locale.ROOT))
        .ifPresent(
            event ->
                print(status.phase().isTerminal() ? end(status, now) : event(event, status, now)));
  }

  @Override
  public synchronized void note(String text) {
    var now = scheduler.now();
    changes.next(text, now).ifPresent(_ -> print(event("note", now).put("message", text)));
  }

  private static ObjectNode event(String kind, Instant now) {
    return JSON.createObjectNode()
        .put("time", now.truncatedTo(ChronoUnit.MILLIS).toString())
        .put("event", kind);
  }

  private ObjectNode event(String kind, RunStatus status, Instant now) {
    var ledger = status.ledger();
    var node = event(kind, now).put("name", status.name());
    node.put("generation", status.generation().stream().boxed().findFirst().orElse(null));
    node.put("phase", status.phase().word());
    node.put("outcome", status.phase().isTerminal() ? status.phase().word() : null);
    node.put("reason", status.phase().endReason().map(Reason::word).orElse(null));
    node.put("message", status.message()).put("paused", status.paused());
    node.put("owner", status.owner().map(RunStatus.Owner::instance).orElse(null));
    node.put("requests", ledger.requests()).put("goal", status.goal());
    node.put("errors", ledger.errors()).put("maxErrors", status.maxErrors());
    node.put("restarts", ledger.restarts());
    node.put("healthy", ledger.healthy()).put("live", ledger.live().size());
    node.put("confidence", status.confidence());
    node.put(
        "requestsPerSecond",
        progress.requestsPerSecond().stream().boxed().findFirst().orElse(null));
    node.put(
        "remainingSeconds", progress.remaining(status).map(left -> left.toSeconds()).orElse(null));
    node.put("decide", NextCommand.toDecide(status).orElse(null));
    return node;
  }

  private ObjectNode end(RunStatus status, Instant now) {
    var ending = new Ending(status);
    var node = event("end", status, now);
    node.put("why", ending.sentence());
    node.put("exitCode", ending.reason().exitCode());
    node.put("next", ending.next().orElse(null));
    var worst = node.putArray("worst");
    Ending.worst(status).map(JsonDisplay::canary).forEach(worst::add);
    return node;
  }

  private static ObjectNode canary(CanaryTally canary) {
    var shown = canary.shown();
    var node =
        JSON.createObjectNode()
            .put("allocId", canary.allocId())
            .put("node", shown.node())
            .put("state", shown.state())
            .put("requests", canary.totalRequests())
            .put("errors", canary.totalErrors())
            .put("restarts", shown.restarts())
            .put("problem", canary.problem().orElse(null));
    var events = node.putArray("events");
    for (var event : shown.events()) {
      events
          .addObject()
          .put("time", event.at().toString())
          .put("task", event.task())
          .put("type", event.type())
          .put("message", event.message());
    }
    return node;
  }

  private void print(ObjectNode node) {
    out.println(node);
    out.flush();
  }
}
