package io.canaryrun.core.observation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An allocation that is not as it should be.
 *
 * @param state Nomad's client status
 * @param problem what its task events or checks say is wrong
 * @param events the newest of its tasks, oldest first
 */
public record Trouble(
    String allocId, String node, String state, Optional<String> problem, List<TaskEvent> events) {

  /** So many are named one by one: a sentence is read to its end. */
  private static final int NAMED = 3;

  private static final int SHORT_ID = 8;

  public Trouble {
    events = List.copyOf(events);
  }

  /** What is added to a sentence; empty where all is well. */
  public static String inWords(List<Trouble> all) {
    var named = all.stream().limit(NAMED).map(it -> "; " + it.inWords());
    var more = all.size() > NAMED ? "; and %d more".formatted(all.size() - NAMED) : "";
    return named.collect(Collectors.joining()) + more;
  }

  private String inWords() {
    var id = allocId.substring(0, Math.min(SHORT_ID, allocId.length()));
    var why = why();
    return why.isEmpty()
        ? "%s on %s is %s".formatted(id, node, state)
        : "%s on %s is %s: %s".formatted(id, node, state, why);
  }

  /** That a task is not restarted is understood only with what happened before that. */
  private String why() {
    var words = events.stream().map(TaskEvent::inWords).toList();
    if (problem.isEmpty()) {
      return words.isEmpty() ? "" : words.getLast();
    }
    int at = words.lastIndexOf(problem.get());
    return at < 1 ? problem.get() : String.join(", ", words.subList(at - 1, at + 1));
  }
}
