package io.canaryrun.core.observation;

import io.canaryrun.core.analysis.Ledger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that one pass saw. A part that the present phase does not look at is unknown.
 *
 * @param at when the pass began
 * @param generation empty only while {@code Pending}
 * @param allocations of this generation's canary job, complete
 * @param instances passing instances in Consul of the canary's services, of these allocations
 * @param placementProblem why Nomad could not place canaries, if it said so
 * @param claim which earlier run has one of the jobs, as a sentence; empty: none
 * @param refusal why Nomad refused the last effect, if it did
 * @param abortAsked why this very process was asked to end the run
 * @param commands that people wrote for this run
 * @param remains looked at only where the frozen generation is lost
 */
public record Observation(
    Instant at,
    Optional<Generation> generation,
    Seen<DefinitionSeen> definition,
    Seen<Preparation> preparation,
    Seen<CanaryJobSeen> canaryJob,
    Seen<ProductionSeen> production,
    Seen<List<AllocationSeen>> allocations,
    Seen<Integer> instances,
    Ledger ledger,
    Seen<Optional<String>> placementProblem,
    Seen<Optional<String>> claim,
    Optional<String> refusal,
    Optional<String> abortAsked,
    Seen<List<Command>> commands,
    Seen<Remains> remains) {

  /** The same with some of the commands. */
  public Observation withCommands(Seen<List<Command>> some) {
    return new Observation(
        at,
        generation,
        definition,
        preparation,
        canaryJob,
        production,
        allocations,
        instances,
        ledger,
        placementProblem,
        claim,
        refusal,
        abortAsked,
        some,
        remains);
  }

  /** Why what was looked at could not be seen; empty: all of it was. */
  public List<String> problems() {
    return Stream.of(
            definition,
            preparation,
            canaryJob,
            production,
            allocations,
            instances,
            placementProblem,
            claim,
            commands,
            remains)
        .filter(seen -> seen instanceof Seen.Unknown<?> unknown && unknown.wasAskedFor())
        .map(seen -> ((Seen.Unknown<?>) seen).problem())
        .distinct()
        .toList();
  }
}
