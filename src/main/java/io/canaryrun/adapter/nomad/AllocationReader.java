package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.Allocation;
import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.javasdk.QueryOptions;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists allocations; what never changes about one is asked for once. */
final class AllocationReader {
  /** Jobs whose allocations are remembered; the least recently listed is forgotten first. */
  private static final int MAX_JOBS = 2_000;

  /**
   * How long allocations are asked for one after another in one call, well within what a watchdog
   * allows; the next call goes on with the rest.
   */
  static final Duration ASK_AT_MOST = Duration.ofMinutes(2);

  private final NomadConnection nomad;
  private final Scheduler clock;
  private final Map<Listed, Map<String, AllocationFacts>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Listed, Map<String, AllocationFacts>> it) {
          return size() > MAX_JOBS;
        }
      };

  /**
   * @param clock tells the time; no thread of it is used
   */
  AllocationReader(NomadConnection nomad, Scheduler clock) {
    this.nomad = nomad;
    this.clock = clock;
  }

  private record Listed(Target target, String jobId, String port) {}

  List<AllocationSeen> canaries(Target target, String jobId, long generation, String port) {
    return views(new Listed(target, jobId, port))
        .filter(it -> it.facts().hasPort())
        .filter(it -> it.facts().generation().equals(Optional.of(generation)))
        .map(AllocationView::seen)
        .toList();
  }

  List<AllocationSeen> all(Target target, String jobId, String port) {
    return views(new Listed(target, jobId, port))
        .filter(it -> it.facts().hasPort())
        .map(AllocationView::seen)
        .toList();
  }

  List<AllocationSeen> canaries(Target target, String jobId, Stamps.Role role, long generation) {
    return views(new Listed(target, jobId, ""))
        .filter(it -> role == Stamps.Role.CANARY || it.isUnpromoted())
        .filter(it -> it.facts().generation().equals(Optional.of(generation)))
        .map(AllocationView::seen)
        .toList();
  }

  private Stream<AllocationView> views(Listed listed) {
    var stubs = all(listed.target(), listed.jobId());
    var facts = facts(listed, stubs);
    return stubs.stream()
        .filter(stub -> facts.containsKey(stub.getId()))
        .map(stub -> new AllocationView(stub, facts.get(stub.getId())));
  }

  /** Also those of an earlier job of that ID that was purged. */
  List<AllocationListStub> all(Target target, String jobId) {
    var address = nomad.address("/v1/job/" + jobId + "/allocations", target);
    var answer = nomad.get(address.setParameter("all", "true"));
    if (Verdict.isAbsence(answer.status(), answer.body())) {
      return List.of();
    }
    if (answer.status() != 200) {
      throw nomad.failure("allocations of job " + jobId, answer.status(), answer.body());
    }
    try {
      return AllocationListStub.fromJsonArray(answer.body()).stream()
          .sorted(
              Comparator.comparing(AllocationListStub::getCreateIndex)
                  .thenComparing(AllocationListStub::getId))
          .toList();
    } catch (IOException e) {
      throw nomad.noAnswer("allocations of job " + jobId, e);
    }
  }

  private Map<String, AllocationFacts> facts(Listed listed, List<AllocationListStub> stubs) {
    var ids = stubs.stream().map(AllocationListStub::getId).toList();
    var facts = new HashMap<>(known(listed));
    facts.keySet().retainAll(ids);
    var deadline = clock.monotonic().plus(ASK_AT_MOST);
    try {
      for (var id : ids) {
        if (!facts.containsKey(id)) {
          checkTime(listed, deadline, facts.size(), ids.size());
          ask(listed, id).ifPresent(found -> facts.put(id, found));
        }
      }
    } finally {
      remember(listed, facts); // Also where one is not answered: nobody asks for the others again.
    }
    return facts;
  }

  private void checkTime(Listed listed, Duration deadline, int known, int all) {
    if (clock.monotonic().compareTo(deadline) > 0) {
      throw new PortFailure.Unavailable(
          "allocations of job %s: Nomad answers slowly, %d of %d are known so far"
              .formatted(listed.jobId(), known, all),
          null);
    }
  }

  /** Empty: Nomad has collected it meanwhile. */
  private Optional<AllocationFacts> ask(Listed listed, String id) {
    return nomad
        .find(
            "allocation " + id,
            sdk -> sdk.getAllocationsApi().info(id, options(listed.target())).getValue())
        .map(allocation -> AllocationFacts.of(allocation, listed.port()));
  }

  private static QueryOptions<Allocation> options(Target target) {
    return NomadCluster.query(target);
  }

  private Map<String, AllocationFacts> known(Listed listed) {
    synchronized (known) {
      return known.getOrDefault(listed, Map.of());
    }
  }

  private void remember(Listed listed, Map<String, AllocationFacts> facts) {
    synchronized (known) {
      if (facts.isEmpty()) {
        known.remove(listed);
      } else {
        known.put(listed, Map.copyOf(facts));
      }
    }
  }

  /** The allocations of a version of a job. */
  List<AllocationListStub> of(Target target, String jobId, long version) {
    return all(target, jobId).stream()
        .filter(stub -> stub.getJobVersion() != null && stub.getJobVersion().longValue() == version)
        .toList();
  }

  /** How many of them are to run, and do. */
  static long running(List<AllocationListStub> allocations) {
    return allocations.stream()
        .filter(stub -> "run".equals(stub.getDesiredStatus()))
        .filter(stub -> "running".equals(stub.getClientStatus()))
        .count();
  }
}
