package io.canaryrun.operator;

import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Plan;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.spec.CanaryRun;
import java.util.List;
import java.util.Optional;

/**
 * What a run of a definition would do, as things are.
 *
 * @param generation as it would be frozen; its number, which its stamps carry, is not known yet;
 *     empty: it could not be resolved
 * @param changes what Nomad says registering its jobs would lead to, the canaries' first
 * @param notes what else to know, in sentences
 */
public record RunPlan(
    CanaryRun run,
    Outlook outlook,
    Optional<Generation> generation,
    List<Change> changes,
    Forecast forecast,
    List<String> notes) {

  public RunPlan {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** How it would begin. */
  public sealed interface Outlook {
    /** Nothing is in the way of its canaries. */
    record Runs() implements Outlook {}

    /** It would end otherwise than well, whatever its canaries do. */
    record Ends(Reason reason, String why) implements Outlook {}
  }

  /** A job that would be registered. */
  public record Change(Stamps.Role role, JobDocument job, Plan plan) {}
}
