package io.canaryrun.simulation;

import io.canaryrun.codec.StatusCodec;
import io.canaryrun.core.analysis.Ledger;
import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Failed;
import io.canaryrun.core.observation.AllocationSeen;
import io.canaryrun.core.observation.AllocationSeen.State;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.JobSeen;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.Target;
import io.canaryrun.operator.Ports;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.Leases;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.ServiceCatalog;
import io.canaryrun.port.StoredStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A bug that the simulation must find, planted between the daemon and its ports: the daemon does
 * what one with that bug in its own code would do.
 */
enum PlantedBug {
  /** Whoever is refused because the lock is lost, writes all the same. */
  STATUS_WRITTEN_WITHOUT_THE_LOCK("S4") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      var written = call.go();
      return call.is("write") && written.equals(OptionalLong.empty())
          ? force(world, call.argument(0, RunStatus.class))
          : written;
    }

    private static Object force(World world, RunStatus status) {
      world.consul.userPuts("status/" + status.name(), StatusCodec.write(status));
      return OptionalLong.of(world.consul.status(status.name()).orElseThrow().modifyIndex());
    }
  },

  PROMOTED_BEFORE_IT_IS_PERSISTED("S1") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      if (call.is("write")
          && call.argument(0, RunStatus.class).phase() instanceof Phase.Promoting promoting
          && promoting.productionIndex().isPresent()
          && !promoting.deployed()) {
        var status = call.argument(0, RunStatus.class);
        var frozen =
            ports.store().generation(status.name(), status.generation().orElseThrow()).get();
        ports
            .cluster()
            .register(
                frozen.spec().nomad(),
                frozen.productionJob().orElseThrow(),
                promoting.productionIndex().getAsLong(),
                true);
      }
      return call.go();
    }
  },

  /** Whoever takes a run up begins to count anew. */
  ERRORS_ARE_FORGOTTEN_AFTER_A_RESTART("S2") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      return call.is("statuses") ? forgetful(call.go()) : call.go();
    }

    private static Object forgetful(Object statuses) {
      return ((List<?>) statuses)
          .stream().map(StoredStatus.class::cast).map(PlantedBug::withoutCounts).toList();
    }
  },

  ERRORS_ARE_NOT_READ("wrong outcome") {
    @Override
    Reading.Result reading(Reading.Result read) {
      return read instanceof Counted(var requests, _) ? new Counted(requests, 0) : read;
    }
  },

  FAILED_READS_ARE_CLEAN("S1") {
    @Override
    Reading.Result reading(Reading.Result read) {
      return read instanceof Failed ? new Counted(10_000, 0) : read;
    }
  },

  SUBMITTED_WITHOUT_ENFORCE_INDEX("S3") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      return call.is("register") && call.is(Stamps.Role.CANARY) && !call.isStop()
          ? call.with(2, index(ports, call)).go()
          : call.go();
    }
  },

  /** The absent job is taken for one that is stopped, and nothing is left in its place. */
  STOPPED_WITHOUT_A_TOMBSTONE("S3") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      if (call.is("register") && call.isStop() && call.argument(2, Long.class) == 0) {
        var job = call.argument(1, JobDocument.class);
        buried(world).put(job.id(), job);
        return true;
      }
      var answer = call.go();
      return call.is("job") && answer.equals(Optional.empty())
          ? Optional.ofNullable(buried(world).get(call.argument(1, String.class)))
              .map(job -> new JobSeen(0, 0, true, Invariants.meta(job), job))
          : answer;
    }

    private Map<String, JobDocument> buried(World world) {
      return BURIED.computeIfAbsent(world, _ -> new ConcurrentHashMap<>());
    }
  },

  PRODUCTIONS_INDEX_READ_LATE("S5") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      return call.is("register") && call.is(Stamps.Role.PRODUCTION)
          ? call.with(2, index(ports, call)).go()
          : call.go();
    }
  },

  /** What is to stop, has stopped. */
  ABORT_IS_NOT_VERIFIED("S4") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      return call.is("allocations")
          ? ((List<?>) call.go()).stream().map(it -> stopped((AllocationSeen) it)).toList()
          : call.go();
    }

    @Override
    Object services(Call call) throws Throwable {
      return List.of();
    }

    private static AllocationSeen stopped(AllocationSeen it) {
      return it.desiredStop()
          ? new AllocationSeen(
              it.allocId(),
              it.node(),
              it.address(),
              it.processStartedAt(),
              true,
              State.COMPLETE,
              it.restarts(),
              false,
              it.problem(),
              it.events())
          : it;
    }
  },

  NO_ANSWER_IS_TAKEN_FOR_ABSENCE("wrong outcome") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      try {
        return call.go();
      } catch (PortFailure failure) {
        if (call.is("definition") || call.is("status") || call.is("generation")) {
          return Optional.empty();
        }
        throw failure;
      }
    }
  },

  /** As many clients do by themselves. */
  WRITES_ARE_SENT_AGAIN("S3") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      try {
        return call.go();
      } catch (PortFailure.Unavailable lost) {
        if (call.is("register")) {
          return call.with(2, index(ports, call)).go();
        }
        throw lost;
      }
    }
  },

  PRODUCTION_IS_NOT_RETURNED("S5") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      return call.is("register") && call.stamps().isEmpty() ? (Object) false : call.go();
    }
  },

  DEADLINES_NEVER_PASS("L1") {
    @Override
    Scheduler scheduler(Scheduler real) {
      var begin = real.now();
      return wrap(Scheduler.class, real, call -> call.is("now") ? (Object) begin : call.go());
    }
  },

  LOCK_IS_KEPT("L1") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      return call.is("release") ? null : call.go();
    }
  },

  DEFINITION_IS_TIDIED_AWAY("S6") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      if (call.is("release")) {
        ports.store().deleteDefinition(call.argument(0, String.class));
      }
      return call.go();
    }
  },

  GENERATION_IS_PRUNED_TOO_EARLY("wrong outcome") {
    @Override
    Object store(World world, Ports ports, Call call) throws Throwable {
      return call.is("freeze") ? pruned(world, call.go()) : call.go();
    }

    private static Object pruned(World world, Object answer) {
      world.consul.presentKeys("generations/").forEach(world.consul::userRemoves);
      return answer;
    }
  },

  ORPHANS_ARE_NOT_SWEPT("S5") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      return call.is("stampedJobs") ? List.of() : call.go();
    }
  },

  SESSION_LIVES_TOO_LONG("L2") {
    @Override
    Object leases(Call call) throws Throwable {
      return call.is("open") ? call.with(1, Duration.ofSeconds(40)).go() : call.go();
    }
  },

  /** As where it waits for the next tick, or for a write before it. */
  STOP_ORDER_IS_HELD_BACK("L3") {
    @Override
    Object cluster(World world, Ports ports, Call call) throws Throwable {
      if (call.is("register") && call.isStop()) {
        var later = world.now().plusSeconds(3);
        while (world.now().isBefore(later)) {
          world.time.pause(Duration.between(world.now(), later)); // News end it before its time.
        }
      }
      return call.go();
    }
  };

  /** What was not registered, of each world. */
  private static final Map<World, Map<String, JobDocument>> BURIED =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The name of the invariant that it breaks, with which what was found must begin. */
  final String breaks;

  PlantedBug(String breaks) {
    this.breaks = breaks;
  }

  Object store(World world, Ports ports, Call call) throws Throwable {
    return call.go();
  }

  Object leases(Call call) throws Throwable {
    return call.go();
  }

  Object cluster(World world, Ports ports, Call call) throws Throwable {
    return call.go();
  }

  Object services(Call call) throws Throwable {
    return call.go();
  }

  Reading.Result reading(Reading.Result read) {
    return read;
  }

  Scheduler scheduler(Scheduler real) {
    return real;
  }

  private static StoredStatus withoutCounts(StoredStatus stored) {
    return new StoredStatus(
        stored.name(),
        stored.modifyIndex(),
        stored.lockedBy(),
        stored
            .status()
            .map(it -> it.refreshed(Ledger.EMPTY, it.nomad(), it.message(), it.updatedAt())),
        stored.text());
  }

  /** The ports as a daemon with this bug uses them. */
  Ports in(World world, Ports ports) {
    return new Ports(
        wrap(RunStore.class, ports.store(), call -> store(world, ports, call)),
        wrap(Leases.class, ports.leases(), this::leases),
        wrap(Cluster.class, ports.cluster(), call -> cluster(world, ports, call)),
        wrap(ServiceCatalog.class, ports.services(), this::services),
        (canaries, counters, each) -> ports.counters().read(canaries, counters, changed(each)),
        ports.notifier(),
        scheduler(ports.scheduler()));
  }

  private Consumer<Reading> changed(Consumer<Reading> each) {
    return read ->
        each.accept(
            new Reading(
                read.allocId(), read.processStartedAt(), read.at(), reading(read.result())));
  }

  /** The index that a registration would be accepted with now. */
  private static long index(Ports ports, Call call) {
    return ports
        .cluster()
        .job(call.argument(0, Target.class), call.argument(1, JobDocument.class).id())
        .map(JobSeen::modifyIndex)
        .orElse(0L);
  }

  /** What becomes of a call. */
  private interface Handler {
    Object handle(Call call) throws Throwable;
  }

  private static <T> T wrap(Class<T> port, T real, Handler handler) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) ->
                handler.handle(
                    new Call(
                        real, method, arguments == null ? List.of() : Arrays.asList(arguments)))));
  }

  /** A call of a port that has not gone through yet. */
  record Call(Object real, Method method, List<Object> arguments) {
    boolean is(String name) {
      return method.getName().equals(name);
    }

    boolean is(Stamps.Role role) {
      return stamps().filter(stamps -> stamps.role() == role).isPresent();
    }

    Optional<Stamps> stamps() {
      return Stamps.of(Invariants.meta(argument(1, JobDocument.class)));
    }

    boolean isStop() {
      return Invariants.meta(argument(1, JobDocument.class)).containsKey(Stamps.STOP_REASON);
    }

    <T> T argument(int number, Class<T> type) {
      return type.cast(arguments.get(number));
    }

    Call with(int number, Object value) {
      var changed = new ArrayList<>(arguments);
      changed.set(number, value);
      return new Call(real, method, changed);
    }

    Object go() throws Throwable {
      try {
        return method.invoke(real, arguments.toArray());
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
