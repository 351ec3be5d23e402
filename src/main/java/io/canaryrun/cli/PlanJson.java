package io.canaryrun.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.codec.JobOutline;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.operator.Forecast;
import io.canaryrun.operator.RunPlan;
import io.canaryrun.operator.RunPlan.Outlook;
import java.io.UncheckedIOException;

/** A plan for programs. */
final class PlanJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  /**
   * @param inFull with the whole derived job
   */
  static String write(RunPlan plan, boolean inFull) {
    var node = JSON.createObjectNode();
    node.put("apiVersion", "canary/v1").put("kind", "CanaryRunPlan");
    node.put("name", plan.run().name());
    outlook(node, plan.outlook());
    plan.generation().ifPresent(generation -> job(node.putObject("canaryJob"), generation, inFull));
    var changes = node.putArray("changes");
    plan.changes().forEach(change -> change(changes.addObject(), change));
    var analysis = plan.run().analysis();
    node.putObject("evidence")
        .put("requests", analysis.requests())
        .put("maxErrors", analysis.maxErrors())
        .put("faultRate", analysis.faultRate())
        .put("confidence", analysis.confidence(analysis.requests()));
    forecast(node.putObject("forecast"), plan.forecast());
    plan.notes().forEach(node.putArray("notes")::add);
    return node.toPrettyString();
  }

  private static void outlook(ObjectNode node, Outlook outlook) {
    switch (outlook) {
      case Outlook.Runs() ->
          node.put("wouldRun", true).putNull("outcome").putNull("reason").putNull("message");
      case Outlook.Ends(var reason, var why) ->
          node.put("wouldRun", false)
              .put("outcome", reason.outcome().word())
              .put("reason", reason.word())
              .put("message", why);
    }
  }

  private static void job(ObjectNode node, Generation generation, boolean inFull) {
    node.put("id", generation.canaryJob().id()).put("canaries", generation.canaries());
    var groups = node.putArray("groups");
    for (var group : JobOutline.groups(generation.canaryJob())) {
      var entry = groups.addObject().put("name", group.name()).put("count", group.count());
      group.services().forEach(entry.putArray("services")::add);
    }
    if (inFull) {
      node.set("job", tree(JobOutline.pretty(generation.canaryJob())));
    }
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // It was written by us.
    }
  }

  private static void change(ObjectNode node, RunPlan.Change change) {
    node.put("job", change.job().id()).put("role", change.role().word());
    var updates = node.putObject("updates");
    change
        .plan()
        .updates()
        .forEach((group, numbers) -> numbers.numbers().forEach(updates.putObject(group)::put));
    DifferenceText.lines(change.plan()).forEach(node.putArray("difference")::add);
    node.put("placementProblem", change.plan().placementProblem().orElse(null));
    change.plan().warnings().forEach(node.putArray("warnings")::add);
  }

  private static void forecast(ObjectNode node, Forecast forecast) {
    switch (forecast) {
      case Forecast.Unknown(var why) -> node.putNull("seconds").put("unknown", why);
      case Forecast.Expected expected -> {
        node.put("seconds", expected.observing().toSeconds());
        node.put("requestsPerSecond", expected.requestsPerSecond());
        node.put("share", expected.share());
        node.put("unread", expected.unread().orElse(null));
      }
    }
  }
}
