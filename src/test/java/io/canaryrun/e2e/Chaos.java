package io.canaryrun.e2e;

import io.canaryrun.agents.NomadMachine;
import io.canaryrun.agents.Restartable;
import io.canaryrun.agents.Toxiproxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Three daemons on three machines, releases, and everything that fails in between. */
final class Chaos implements AutoCloseable {
  private static final int MEMORY_MB = 4_000;

  final Journal journal = new Journal();
  final Stack stack;
  final Toxiproxy toxiproxy;
  private final List<Daemon> daemons = new ArrayList<>();
  private final Statuses statuses;
  private final Leftovers leftovers;
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** A release under way. */
  private record Started(Release release, Run run, Future<String> problem) {}

  Chaos() {
    try {
      stack = opened(Stack.persistent());
      toxiproxy = opened(Toxiproxy.start(stack.directory));
      statuses = new Statuses(stack.consul.address());
      leftovers = new Leftovers(stack, statuses, daemons);
      startDaemons();
    } catch (RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T it) {
    opened.addFirst(it);
    return it;
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void startDaemons() {
    journal.tell("logs are in " + stack.directory);
    var second = stack.join("second", MEMORY_MB);
    var third = stack.join("third", MEMORY_MB);
    List.of(second, third).forEach(NomadMachine::awaitReady);
    var usual = stack.environment();
    start("a", stack.consul, stack.nomad, usual);
    start("b", second.consul(), second.nomad(), usual);
    start("c", third.consul(), third.nomad(), usual);
    daemons.forEach(Daemon::awaitReady);
  }

  private void start(
      String name, Restartable consul, Restartable nomad, Map<String, String> usual) {
    daemons.add(opened(new Daemon(name, toxiproxy, consul, nomad, stack.directory, usual)));
  }

  /** Everything that was drawn for a wave, until all its runs have ended and nothing is left. */
  void perform(Schedule.Wave wave) {
    var runs = new HashMap<Release, Run>();
    wave.releases().forEach(it -> runs.put(it, new Run(stack, it.name())));
    runs.values().forEach(run -> stack.nomad.run(run.hcl(1, "1")));
    runs.values().forEach(run -> run.awaitInstances(1).awaitDeployed());
    journal.tell("wave of " + wave.releases().size() + " runs begins");
    var faults = new Faults(daemons, statuses, journal);
    var started = new ArrayList<Started>();
    try (var lanes = Executors.newVirtualThreadPerTaskExecutor()) {
      wave.releases().forEach(it -> started.add(start(it, runs.get(it), lanes)));
      var both =
          List.of(
              lanes.submit(() -> wave.daemons().forEach(faults::ofDaemon)),
              lanes.submit(() -> wave.agents().forEach(faults::ofAgent)));
      both.forEach(Chaos::result);
    }
    daemons.forEach(Daemon::awaitReady);
    started.forEach(this::judge);
    leftovers.awaitNone();
    journal.tell("nothing is left");
    runs.values().forEach(Run::stop);
  }

  private Started start(Release release, Run run, ExecutorService lanes) {
    return new Started(release, run, lanes.submit(() -> follow(release, run)));
  }

  /** Empty: it has ended as it must. */
  private String follow(Release release, Run run) {
    Pause.of(release.after());
    try (var _ = Traffic.calm(run, release.service(run))) {
      var end = run.awaitEnd(release.submit(run));
      var reason = end.path("reason").asText();
      journal.tell("%s has ended: %s".formatted(release.name(), reason));
      return reason.equals(release.expected()) ? "" : end.toString();
    } catch (RuntimeException | AssertionError e) {
      return e + ", status " + run.status();
    }
  }

  private void judge(Started started) {
    var problem = result(started.problem());
    if (problem.isEmpty()) {
      try {
        started.release().assertRight(started.run(), started.run().status());
      } catch (RuntimeException | AssertionError e) {
        problem = e + ", status " + started.run().status();
      }
    }
    journal.ended(new Journal.Ending(started.release(), problem));
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    Closing.all(opened);
  }
}
