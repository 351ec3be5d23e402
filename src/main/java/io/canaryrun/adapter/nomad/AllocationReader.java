package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.apimodel.Allocation;
import com.hashicorp.nomad.apimodel.AllocationListStub;
import com.hashicorp.nomad.javasdk.QueryOptions;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.Target;
import java.io.IOException;
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

  private final NomadConnection nomad;
  private final Map<Listed, Map<String, AllocationFacts>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Listed, Map<String, AllocationFacts>> it) {
          return size() > MAX_JOBS;
        }
      };

  AllocationReader(NomadConnection nomad) {
    this.nomad = nomad;
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
    remember(listed, facts);
    return stubs.stream()
        .filter(stub -> facts.containsKey(stub.getId()))
        .map(stub -> new AllocationView(stub, facts.get(stub.getId())));
  }

  /** Also those of an earlier job of that ID that was purged. */
  List<AllocationListStub> all(Target target, String jobId) {
    var address = nomad.address("/v1/job/" + jobId + "/allocations", target);
    var answer = nomad.get(address.setParameter("all", "true"));
    if (answer.status() == 404) {
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
    var before = known(listed);
    var facts = new HashMap<String, AllocationFacts>();
    for (var stub : stubs) {
      Optional.ofNullable(before.get(stub.getId()))
          .or(() -> ask(listed, stub.getId()))
          .ifPresent(found -> facts.put(stub.getId(), found));
    }
    return facts;
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
