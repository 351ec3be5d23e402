package io.canaryrun.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;

/**
 * A phase as the status shows it ({@code phase}, {@code outcome}, {@code reason}), and the facts
 * that only a takeover needs ({@code phaseFacts}).
 */
final class PhaseCodec {
  private static final String FACTS = "phaseFacts";

  private PhaseCodec() {}

  static void write(ObjectNode node, Phase phase) {
    node.put("phase", phase.word());
    node.put("outcome", phase.isTerminal() ? phase.word() : null);
    Json.put(node, "reason", phase.endReason().map(Reason::word));
    var facts = Json.object();
    switch (phase) {
      case Phase.Pending _, Phase.Ended _ -> {}
      case Phase.SubmittingJob(var deadline) -> facts.put("deadline", deadline.toString());
      case Phase.WaitingHealthy(var deadline, var healthyBy, var since) -> {
        facts.put("deadline", deadline.toString()).put("healthyBy", healthyBy.toString());
        Json.put(facts, "healthySince", since);
      }
      case Phase.Observing observing -> {
        facts.put("deadline", observing.deadline().toString());
        Json.put(facts, "unhealthySince", observing.unhealthySince());
      }
      case Phase.Promoting(var deadline, _, var index, var deployed) -> {
        facts.put("deadline", deadline.toString()).put("deployed", deployed);
        Json.put(facts, "productionIndex", index);
      }
      case Phase.Aborting(_, var returnBy) -> Json.put(facts, "returnBy", returnBy);
    }
    if (!facts.isEmpty()) {
      node.set(FACTS, facts);
    }
  }

  /**
   * @throws IllegalArgumentException no known phase, or one of its facts is missing
   */
  static Phase read(ObjectNode node) {
    var facts = node.path(FACTS);
    var reason = Json.text(node, "reason").flatMap(Reason::of);
    return switch (node.path("phase").asText()) {
      case "Pending" -> new Phase.Pending();
      case "SubmittingJob" ->
          new Phase.SubmittingJob(Json.need(Json.time(facts, "deadline"), "deadline"));
      case "WaitingHealthy" ->
          new Phase.WaitingHealthy(
              Json.need(Json.time(facts, "deadline"), "deadline"),
              Json.need(Json.time(facts, "healthyBy"), "healthyBy"),
              Json.time(facts, "healthySince"));
      case "ObservingCounters" ->
          new Phase.ObservingCounters(
              Json.need(Json.time(facts, "deadline"), "deadline"),
              Json.time(facts, "unhealthySince"));
      case "AwaitingApproval" ->
          new Phase.AwaitingApproval(
              Json.need(Json.time(facts, "deadline"), "deadline"),
              Json.time(facts, "unhealthySince"));
      case "Promoting" ->
          new Phase.Promoting(
              Json.need(Json.time(facts, "deadline"), "deadline"),
              Json.need(reason, "reason"),
              Json.number(facts, "productionIndex"),
              facts.path("deployed").asBoolean());
      case "Aborting" ->
          new Phase.Aborting(Json.need(reason, "reason"), Json.time(facts, "returnBy"));
      case "Succeeded", "Aborted", "Failed", "Invalid" ->
          new Phase.Ended(Json.need(reason, "reason"));
      case String other -> throw new IllegalArgumentException("unknown phase " + other);
    };
  }
}
