package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.DesiredUpdates;
import com.hashicorp.nomad.apimodel.FieldDiff;
import com.hashicorp.nomad.apimodel.JobDiff;
import com.hashicorp.nomad.apimodel.JobPlanResponse;
import com.hashicorp.nomad.apimodel.ObjectDiff;
import com.hashicorp.nomad.apimodel.TaskDiff;
import com.hashicorp.nomad.apimodel.TaskGroupDiff;
import io.canaryrun.core.observation.Difference;
import io.canaryrun.core.observation.Difference.Kind;
import io.canaryrun.core.observation.Difference.Level;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.core.observation.Plan.Updates;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Nomad's answer to a plan, in our words. */
final class Plans {
  private Plans() {}

  static Plan of(JobPlanResponse answer) {
    return new Plan(
        job(answer.getDiff()),
        updates(answer),
        Optional.ofNullable(answer.getFailedTgAllocs())
            .filter(failed -> !failed.isEmpty())
            .map(PlacementProblem::inWords),
        warnings(answer.getWarnings()));
  }

  private static Difference job(JobDiff diff) {
    return new Difference(
        kind(diff.getType()),
        Level.JOB,
        diff.getId(),
        fields(diff.getFields()),
        Stream.concat(
                blocks(diff.getObjects()),
                ServingTask.list(diff.getTaskGroups()).stream().map(Plans::group))
            .toList(),
        List.of());
  }

  private static Difference group(TaskGroupDiff diff) {
    return new Difference(
        kind(diff.getType()),
        Level.GROUP,
        diff.getName(),
        fields(diff.getFields()),
        Stream.concat(
                blocks(diff.getObjects()),
                ServingTask.list(diff.getTasks()).stream()
                    .filter(task -> isWorthALine(task.getType(), task.getAnnotations()))
                    .map(Plans::task))
            .toList(),
        List.of());
  }

  private static Difference task(TaskDiff diff) {
    return new Difference(
        kind(diff.getType()),
        Level.TASK,
        diff.getName(),
        fields(diff.getFields()),
        blocks(diff.getObjects()).toList(),
        ServingTask.list(diff.getAnnotations()));
  }

  private static Stream<Difference> blocks(List<ObjectDiff> diffs) {
    return ServingTask.list(diffs).stream()
        .filter(diff -> kind(diff.getType()) != Kind.SAME)
        .map(
            diff ->
                new Difference(
                    kind(diff.getType()),
                    Level.BLOCK,
                    diff.getName(),
                    fields(diff.getFields()),
                    blocks(diff.getObjects()).toList(),
                    List.of()));
  }

  private static List<Difference.Field> fields(List<FieldDiff> diffs) {
    return ServingTask.list(diffs).stream()
        .filter(diff -> isWorthALine(diff.getType(), diff.getAnnotations()))
        .map(
            diff ->
                new Difference.Field(
                    kind(diff.getType()),
                    diff.getName(),
                    diff.getOld(),
                    diff.getNew(),
                    ServingTask.list(diff.getAnnotations())))
        .toList();
  }

  private static boolean isWorthALine(String type, List<String> notes) {
    return kind(type) != Kind.SAME || !ServingTask.list(notes).isEmpty();
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "Added" -> Kind.ADDED;
      case "Deleted" -> Kind.REMOVED;
      case "Edited" -> Kind.CHANGED;
      default -> Kind.SAME;
    };
  }

  private static SortedMap<String, Updates> updates(JobPlanResponse answer) {
    var updates = new TreeMap<String, Updates>();
    if (answer.getAnnotations() != null && answer.getAnnotations().getDesiredTgUpdates() != null) {
      answer
          .getAnnotations()
          .getDesiredTgUpdates()
          .forEach((group, desired) -> updates.put(group, updates(desired)));
    }
    return updates;
  }

  /** In the words of {@code nomad job plan}. */
  private static Updates updates(DesiredUpdates desired) {
    var numbers = new HashMap<String, Integer>();
    put(numbers, Updates.CANARY, desired.getCanary());
    put(numbers, "create", desired.getPlace());
    put(numbers, "create/destroy update", desired.getDestructiveUpdate());
    put(numbers, "destroy", desired.getStop());
    put(numbers, "ignore", desired.getIgnore());
    put(numbers, "in-place update", desired.getInPlaceUpdate());
    put(numbers, "migrate", desired.getMigrate());
    put(numbers, "preempt", desired.getPreemptions());
    return new Updates(numbers);
  }

  private static void put(Map<String, Integer> numbers, String what, BigInteger number) {
    if (number != null && number.signum() > 0) {
      numbers.put(what, number.intValue());
    }
  }

  /** Nomad counts them in a first line, and puts an asterisk before each. */
  private static List<String> warnings(String text) {
    var lines =
        Stream.ofNullable(text)
            .flatMap(String::lines)
            .map(String::strip)
            .filter(it -> !it.isEmpty());
    return lines
        .filter(line -> !line.matches("\\d+ warnings?:"))
        .map(line -> line.startsWith("* ") ? line.substring(2) : line)
        .toList();
  }
}
