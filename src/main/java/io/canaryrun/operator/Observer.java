package io.canaryrun.operator;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Verdict;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.CanaryJobSeen;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.DefinitionSeen;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Observation;
import io.canaryrun.core.observation.Preparation;
import io.canaryrun.core.observation.ProductionSeen;
import io.canaryrun.core.observation.Seen;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.CanaryJobSpec.Mode;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.ServiceCatalog.Instance;
import io.canaryrun.port.StoredDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks at everything that the present phase decides on, anew in each pass. What cannot be seen is
 * unknown; nothing is concluded from it.
 */
final class Observer {
  private static final Seen<List<Command>> COMMANDS_WAIT = Seen.notLookedAt();

  private final Ports ports;
  private final Preparer preparer;
  private final Claims claims;
  private final Classifier classifier;
  private final RemainsFinder remains;
  private final Runnable answered;

  Observer(Ports ports, Preparer preparer, Claims claims, Classifier classifier) {
    this(ports, preparer, claims, classifier, () -> {});
  }

  private Observer(
      Ports ports, Preparer preparer, Claims claims, Classifier classifier, Runnable answered) {
    this.ports = ports;
    this.preparer = preparer;
    this.claims = claims;
    this.classifier = classifier;
    this.remains = new RemainsFinder(ports, classifier);
    this.answered = answered;
  }

  /**
   * The same, for one who must show that it gets on.
   *
   * @param step done after each answer or failure of a long look
   */
  Observer telling(Runnable step) {
    return new Observer(ports, preparer, claims, classifier, step);
  }

  /** Before anything is frozen. */
  Observation beforeFreeze(RunStatus status, Optional<String> refusal, Optional<String> abort) {
    var at = ports.scheduler().now();
    Seen<Optional<StoredDefinition>> definition =
        look(() -> ports.store().definition(status.name()));
    Seen<Preparation> preparation =
        look(() -> preparer.before(status))
            .map(before -> before.orElseGet(() -> resolved(preparation(status, definition))));
    return new Observation(
        at,
        Optional.empty(),
        definition.map(Observer::seen),
        preparation,
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        status.ledger(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        refusal,
        abort,
        commands(status.name()),
        Seen.notLookedAt());
  }

  private Seen<Preparation> preparation(
      RunStatus status, Seen<Optional<StoredDefinition>> definition) {
    return switch (definition) {
      case Seen.Known<Optional<StoredDefinition>>(var text)
          when text.isPresent()
              && status.generation().equals(OptionalLong.of(text.get().modifyIndex())) ->
          look(() -> preparer.prepare(text.get()));
      case Seen.Known<Optional<StoredDefinition>> _ -> Seen.notLookedAt();
      case Seen.Unknown<Optional<StoredDefinition>>(var problem) -> new Seen.Unknown<>(problem);
    };
  }

  private static Preparation resolved(Seen<Preparation> preparation) {
    return switch (preparation) {
      case Seen.Known<Preparation>(var known) -> known;
      case Seen.Unknown<Preparation>(var problem) -> new Preparation.Unresolved(problem);
    };
  }

  /** Where the frozen generation is lost: by the names in the status and the stamps in Nomad. */
  Observation afterLoss(RunStatus status, Optional<String> refusal) {
    return new Observation(
        ports.scheduler().now(),
        Optional.empty(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        status.ledger(),
        Seen.notLookedAt(),
        Seen.notLookedAt(),
        refusal,
        Optional.empty(),
        COMMANDS_WAIT,
        look(() -> remains.find(status)));
  }

  /** From the frozen generation on. */
  Observation observe(
      Phase phase,
      Generation generation,
      CounterWatch watch,
      Optional<String> refusal,
      Optional<String> abort) {
    var at = ports.scheduler().now();
    Seen<DefinitionSeen> definition =
        beforeVerdict(phase)
            ? look(() -> ports.store().definition(generation.run())).map(Observer::seen)
            : Seen.notLookedAt();
    Seen<CanaryJobSeen> canaryJob =
        generation.mode() == Mode.JOB
            ? look(() -> classifier.canaryJob(generation))
            : Seen.notLookedAt();
    Seen<ProductionSeen> production =
        productionMatters(phase, generation)
            ? look(() -> classifier.production(generation))
            : Seen.notLookedAt();
    Seen<List<Instance>> instances = look(() -> ports.services().instances(generation.services()));
    Seen<Optional<Set<String>>> own = own(generation, production);
    Seen<List<AllocationSeen>> allocations =
        own.flatMap(ids -> allocations(generation, instances).map(list -> of(ids, list)));
    var commands = beforeVerdict(phase) ? commands(generation.run()) : COMMANDS_WAIT;
    var ledger = ledger(generation, phase, allocations, commands, watch);
    return new Observation(
        at,
        Optional.of(generation),
        definition,
        Seen.notLookedAt(),
        canaryJob,
        production,
        allocations,
        own.flatMap(ids -> passing(instances, ledger, ids)),
        ledger,
        placementProblem(phase, at, generation),
        registers(phase, generation) ? look(() -> claims.earlier(generation)) : Seen.notLookedAt(),
        refusal,
        abort,
        commands,
        Seen.notLookedAt());
  }

  private Seen<List<Command>> commands(String run) {
    return look(() -> ports.store().commands(run));
  }

  private static DefinitionSeen seen(Optional<StoredDefinition> definition) {
    return definition
        .<DefinitionSeen>map(
            stored ->
                new DefinitionSeen.Present(
                    stored.modifyIndex(), DefinitionCodec.digest(stored.text())))
        .orElseGet(DefinitionSeen.Absent::new);
  }

  private static boolean beforeVerdict(Phase phase) {
    return switch (phase) {
      case Phase.Pending _, Phase.SubmittingJob _, Phase.WaitingHealthy _, Phase.Observing _ ->
          true;
      case Phase.Promoting _, Phase.Aborting _, Phase.Ended _ -> false;
    };
  }

  private static boolean productionMatters(Phase phase, Generation generation) {
    if (generation.mode() == Mode.DEPLOYMENT) {
      return !phase.isTerminal(); // It carries the canaries.
    }
    return generation.productionJob().isPresent()
        && switch (phase) {
          case Phase.Observing _ -> true;
          case Phase.Promoting promoting -> !promoting.deployed();
          case Phase.Aborting aborting -> aborting.returnBy().isPresent();
          case Phase.Pending _, Phase.SubmittingJob _, Phase.WaitingHealthy _, Phase.Ended _ ->
              false;
        };
  }

  /** Whether the next effect may be the first one on a job. */
  private static boolean registers(Phase phase, Generation generation) {
    return switch (phase) {
      case Phase.SubmittingJob _ -> true;
      case Phase.Promoting promoting -> generation.mode() == Mode.JOB && !promoting.deployed();
      case Phase.Pending _,
          Phase.WaitingHealthy _,
          Phase.Observing _,
          Phase.Aborting _,
          Phase.Ended _ ->
          false;
    };
  }

  /** Empty: all that bear the generation's stamps. Not so, where somebody edited its version. */
  private Seen<Optional<Set<String>>> own(Generation generation, Seen<ProductionSeen> production) {
    var edited =
        generation.mode() == Mode.DEPLOYMENT
            && production instanceof Seen.Known<ProductionSeen>(ProductionSeen.Changed _);
    return edited
        ? look(() -> Optional.of(classifier.allocationIds(generation)))
        : Seen.of(Optional.empty());
  }

  private static List<AllocationSeen> of(Optional<Set<String>> own, List<AllocationSeen> all) {
    return all.stream().filter(it -> isIn(own, it.allocId())).toList();
  }

  private static boolean isIn(Optional<Set<String>> own, String allocId) {
    return own.isEmpty() || own.get().contains(allocId);
  }

  /** Nomad's word on each allocation, and that of the checks as they are now. */
  private Seen<List<AllocationSeen>> allocations(
      Generation generation, Seen<List<Instance>> instances) {
    Seen<List<AllocationSeen>> allocations =
        look(
            () ->
                ports
                    .cluster()
                    .allocations(
                        generation.spec().nomad(),
                        generation.canaryJob().id(),
                        generation.number(),
                        generation.spec().counters().port()));
    return switch (instances) {
      case Seen.Known<List<Instance>>(var registered) ->
          allocations.map(list -> checked(list, registered, generation));
      // Without the checks, healthy allocations cannot be told: better to know nothing.
      case Seen.Unknown<List<Instance>>(var problem) -> new Seen.Unknown<>(problem);
    };
  }

  private static List<AllocationSeen> checked(
      List<AllocationSeen> allocations, List<Instance> instances, Generation generation) {
    if (generation.services().isEmpty()) {
      return allocations;
    }
    Map<String, List<Instance>> byAllocation =
        instances.stream().collect(Collectors.groupingBy(Instance::allocId));
    return allocations.stream()
        .map(allocation -> checked(allocation, byAllocation.get(allocation.allocId())))
        .toList();
  }

  private static AllocationSeen checked(AllocationSeen allocation, List<Instance> instances) {
    if (!allocation.isLive() || (!allocation.healthy() && allocation.problem().isPresent())) {
      return allocation;
    }
    if (instances == null) {
      return allocation.healthy()
          ? allocation.withFailingCheck("not registered in Consul")
          : allocation; // Not yet.
    }
    return instances.stream()
        .flatMap(instance -> instance.failing().stream())
        .findFirst()
        .map(allocation::withFailingCheck)
        .orElse(allocation);
  }

  private static Ledger ledger(
      Generation generation,
      Phase phase,
      Seen<List<AllocationSeen>> allocations,
      Seen<List<Command>> commands,
      CounterWatch watch) {
    if (!(allocations instanceof Seen.Known<List<AllocationSeen>>(var list))) {
      return watch.ledger();
    }
    watch.seen(canaries(generation, phase, list, watch));
    // The closing sweep: nothing is promoted without a read of every live canary in this pass.
    if (phase instanceof Phase.Observing && mayClose(generation, phase, commands, watch)) {
      watch.sweep();
    }
    return watch.ledger();
  }

  /** Once Nomad rolls the version out, not every allocation of it is a canary. */
  private static List<AllocationSeen> canaries(
      Generation generation, Phase phase, List<AllocationSeen> list, CounterWatch watch) {
    if (generation.mode() == Mode.JOB || !(phase instanceof Phase.Promoting)) {
      return list;
    }
    var known = watch.ledger().canaries().keySet();
    return list.stream().filter(it -> known.contains(it.allocId())).toList();
  }

  private static boolean mayClose(
      Generation generation, Phase phase, Seen<List<Command>> commands, CounterWatch watch) {
    var good =
        phase instanceof Phase.ObservingCounters
            && watch.verdict().finding() == Verdict.Finding.GOOD;
    return good
        || commands.orElse(List.of()).stream()
            .anyMatch(
                command ->
                    command instanceof Command.Asked asked
                        && asked.kind() == Command.Kind.PROMOTE
                        && asked.generation() == generation.number());
  }

  /** Passing instances of this generation's allocations; others' may share the service's name. */
  private static Seen<Integer> passing(
      Seen<List<Instance>> instances, Ledger ledger, Optional<Set<String>> own) {
    return instances.map(
        all ->
            (int)
                all.stream()
                    .filter(instance -> instance.failing().isEmpty())
                    .filter(instance -> ledger.canaries().containsKey(instance.allocId()))
                    .filter(instance -> isIn(own, instance.allocId()))
                    .count());
  }

  private Seen<Optional<String>> placementProblem(Phase phase, Instant at, Generation generation) {
    return lacksCanaries(phase, at, generation)
        ? look(
            () ->
                ports
                    .cluster()
                    .placementProblem(generation.spec().nomad(), generation.canaryJob().id()))
        : Seen.notLookedAt();
  }

  /** Too few were healthy for too long: what for is asked only then. */
  private static boolean lacksCanaries(Phase phase, Instant at, Generation generation) {
    return switch (phase) {
      case Phase.WaitingHealthy waiting -> !at.isBefore(waiting.healthyBy());
      case Phase.Observing observing ->
          observing
              .unhealthySince()
              .filter(since -> !at.isBefore(since.plus(generation.spec().health().deadline())))
              .isPresent();
      case Phase.Pending _,
          Phase.SubmittingJob _,
          Phase.Promoting _,
          Phase.Aborting _,
          Phase.Ended _ ->
          false;
    };
  }

  private <T> Seen<T> look(Supplier<T> port) {
    try {
      return Seen.of(port.get());
    } catch (PortFailure failure) {
      return new Seen.Unknown<>(failure.getMessage());
    } finally {
      answered.run();
    }
  }
}
