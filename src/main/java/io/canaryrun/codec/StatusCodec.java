package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.NomadJobs;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.core.phase.Transition;
import io.canaryrun.core.spec.Analysis;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The status as JSON; what is read is what was written. */
public final class StatusCodec {

  /** Together with a frozen generation or a copy in the history it must fit one transaction. */
  static final int MAX_BYTES = 180_000;

  /** So that the status fits with 500 canaries; longer texts are cut. */
  static final int MAX_MESSAGE = 500;

  /** Task events of all canaries together, at about 200 bytes each. */
  static final int MAX_EVENTS = 300;

  private StatusCodec() {}

  /**
   * At most {@link #MAX_BYTES} long: where that is too little, task events go, then the oldest
   * transitions.
   */
  public static String write(RunStatus status) {
    int events = MAX_EVENTS;
    var transitions = status.transitions();
    var text = write(status, transitions, events);
    while (text.getBytes(UTF_8).length > MAX_BYTES && (events > 0 || transitions.size() > 1)) {
      if (events == 0) {
        transitions = transitions.subList((transitions.size() + 1) / 2, transitions.size());
      }
      events /= 4;
      text = write(status, transitions, events);
    }
    return text;
  }

  private static String write(RunStatus status, List<Transition> kept, int events) {
    var node = Json.object();
    node.put("apiVersion", "canary/v1");
    node.put("kind", "CanaryRunStatus");
    node.put("name", status.name());
    Json.put(node, "generation", status.generation());
    node.put("digest", status.digest());
    PhaseCodec.write(node, status.phase());
    node.put("message", cut(status.message()));
    node.put("paused", status.paused());
    node.put("startedAt", status.startedAt().toString());
    Json.put(node, "finishedAt", status.finishedAt());
    Json.put(node, "verdictAt", status.verdictAt());
    node.put("updatedAt", status.updatedAt().toString());
    node.set("nomad", nomad(status.nomad()));
    node.set("totals", totals(status));
    LedgerCodec.write(node, status.ledger(), events);
    var transitions = node.putArray("transitions");
    kept.forEach(transition -> transitions.add(transition(transition)));
    status
        .owner()
        .ifPresentOrElse(
            owner ->
                node.putObject("owner")
                    .put("instance", owner.instance())
                    .put("session", owner.session()),
            () -> node.putNull("owner"));
    return Json.write(node);
  }

  static String cut(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
  }

  private static ObjectNode nomad(NomadJobs jobs) {
    var node = Json.object().put("namespace", jobs.namespace());
    Json.put(node, "region", jobs.region());
    Json.put(node, "canaryJob", jobs.canaryJob());
    Json.put(node, "canaryJobModifyIndex", jobs.canaryJobModifyIndex());
    Json.put(node, "deploymentId", jobs.deploymentId());
    Json.put(node, "productionJob", jobs.productionJob());
    Json.put(node, "productionVersion", jobs.productionVersion());
    return node;
  }

  private static ObjectNode totals(RunStatus status) {
    var node = Json.object().put("requests", status.ledger().requests());
    node.put("errors", status.ledger().errors());
    node.put("goal", status.goal());
    node.put("maxErrors", status.maxErrors());
    node.put("faultRate", status.faultRate());
    node.put("confidence", status.confidence());
    return node;
  }

  private static ObjectNode transition(Transition transition) {
    return Json.object()
        .put("phase", transition.phase())
        .put("at", transition.at().toString())
        .put("message", cut(transition.message()));
  }

  /** Empty where the text is no status. */
  public static Optional<RunStatus> read(String text) {
    try {
      return Optional.of(read(Json.parse(text)));
    } catch (IllegalArgumentException notAStatus) {
      return Optional.empty();
    }
  }

  private static RunStatus read(ObjectNode node) {
    if (!node.path("kind").asText().equals("CanaryRunStatus")) {
      throw new IllegalArgumentException("not a status");
    }
    var totals = node.path("totals");
    checkAnalysis(totals);
    return new RunStatus(
        Json.need(Json.text(node, "name"), "name"),
        Json.number(node, "generation"),
        Json.need(Json.text(node, "digest"), "digest"),
        PhaseCodec.read(node),
        Json.text(node, "message").orElse(""),
        node.path("paused").asBoolean(),
        Json.need(Json.time(node, "startedAt"), "startedAt"),
        Json.time(node, "finishedAt"),
        Json.time(node, "verdictAt"),
        Json.need(Json.time(node, "updatedAt"), "updatedAt"),
        readJobs(node.path("nomad")),
        LedgerCodec.read(node),
        totals.path("goal").asLong(),
        totals.path("maxErrors").asLong(),
        totals.path("faultRate").asDouble(),
        readTransitions(node.path("transitions")),
        readOwner(node.path("owner")));
  }

  /** There is none before the definition was frozen. */
  private static void checkAnalysis(JsonNode totals) {
    if (totals.path("goal").asLong() != 0) {
      var _ =
          new Analysis(
              totals.path("goal").asLong(),
              totals.path("maxErrors").asLong(),
              totals.path("faultRate").asDouble());
    }
  }

  private static NomadJobs readJobs(JsonNode node) {
    return new NomadJobs(
        Json.text(node, "namespace").orElse("default"),
        Json.text(node, "region"),
        Json.text(node, "canaryJob"),
        Json.number(node, "canaryJobModifyIndex"),
        Json.text(node, "deploymentId"),
        Json.text(node, "productionJob"),
        Json.number(node, "productionVersion"));
  }

  private static List<Transition> readTransitions(JsonNode nodes) {
    return StreamSupport.stream(nodes.spliterator(), false)
        .map(
            node ->
                new Transition(
                    Json.need(Json.text(node, "phase"), "phase"),
                    Json.need(Json.time(node, "at"), "at"),
                    Json.text(node, "message").orElse("")))
        .toList();
  }

  private static Optional<Owner> readOwner(JsonNode node) {
    return Json.text(node, "session")
        .map(session -> new Owner(Json.text(node, "instance").orElse(""), session));
  }
}
