package io.canaryrun.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.codec.StatusCodec;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.observation.Stamps.Role;
import io.canaryrun.core.phase.Outcome;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.fake.FakeConsul.Write;
import io.canaryrun.fake.FakeNomad.LiveAllocation;
import io.canaryrun.fake.FakeNomad.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What must hold in every world, checked on the record of all that was written and registered. */
final class Invariants {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern IMAGE = Pattern.compile("\"image\":\"[^\"]*\"");

  private final World world;
  private final Scenario scenario;
  private final List<Progress> progress;
  private final List<String> broken = new ArrayList<>();

  private Invariants(World world, Scenario scenario) {
    this.world = world;
    this.scenario = scenario;
    this.progress = progress(world).toList();
  }

  /** The invariants that do not hold, each with what was seen; empty is right. */
  static List<String> broken(World world, Scenario scenario) {
    var check = new Invariants(world, scenario);
    check.promotedOnlyOnItsOwnEvidence();
    check.neverPromotedAfterAnError();
    check.countedNoMoreThanWasServed();
    check.errorsAreNeverForgotten();
    check.submittedOnce();
    check.notSubmittedAfterItsEnd();
    check.endsStay();
    check.productionIsOnlyChangedByPromotion();
    check.productionIsRegisteredOverThePersistedIndex();
    check.productionIsReturned();
    check.definitionIsTheUsers();
    check.endedInTime();
    check.nothingHangs();
    return check.broken;
  }

  /** A status as it was written. */
  private record Progress(Instant at, RunStatus status) {
    long generation() {
      return status.generation().orElse(0);
    }
  }

  /** S1: the verdict was persisted before, on at least the requests that were asked for. */
  private void promotedOnlyOnItsOwnEvidence() {
    for (var promotion : promotions().toList()) {
      var verdict =
          progress()
              .filter(before -> !before.at.isAfter(promotion.at))
              .filter(before -> before.generation() == promotion.generation)
              .filter(before -> before.status.phase() instanceof Phase.Promoting)
              .findFirst();
      if (verdict.isEmpty()) {
        broken.add("S1: promoted without a persisted verdict: " + promotion);
      } else if (!isGood(verdict.get()) && !isByPerson(verdict.get())) {
        broken.add("S1: promoted on too little: " + verdict.get().status.ledger());
      }
    }
  }

  /** S1: what was counted, canaries have answered. */
  private void countedNoMoreThanWasServed() {
    progress()
        .filter(
            it ->
                it.status.ledger().canaries().values().stream()
                    .anyMatch(
                        canary -> canary.totalRequests() > world.counters.told(canary.allocId())))
        .forEach(it -> broken.add("S1: more than was served: " + it.status.ledger()));
  }

  /** S2: whatever is restarted or replaced, unless somebody takes the status away. */
  private void errorsAreNeverForgotten() {
    var counted = new HashMap<Long, Long>();
    for (var written : isStatusLost() ? List.<Progress>of() : progress) {
      var errors = written.status.ledger().errors();
      var before = counted.merge(written.generation(), errors, Math::max);
      if (errors < before) {
        broken.add(
            "S2: %d errors of %d are forgotten: %s".formatted(before - errors, before, written));
      }
    }
  }

  private static boolean isGood(Progress verdict) {
    return verdict.status.ledger().requests() >= verdict.status.goal();
  }

  /** A person asked for it before, and the status says so. */
  private boolean isByPerson(Progress verdict) {
    return verdict.status.phase().endReason().equals(Optional.of(Reason.PROMOTED_BY_PERSON))
        && world.consul.writes().stream()
            .filter(write -> write.key().endsWith("/promote") && !write.text().isEmpty())
            .anyMatch(write -> !write.at().isAfter(verdict.at));
  }

  /** S2: an error that was persisted, or that a stop order was accepted for. */
  private void neverPromotedAfterAnError() {
    var bad = new HashMap<Long, Instant>();
    progress()
        .filter(written -> written.status.ledger().errors() > written.status.maxErrors())
        .forEach(written -> bad.merge(written.generation(), written.at, Invariants::earlier));
    registrations(Role.CANARY)
        .filter(job -> stopReason(job).equals(Optional.of(Reason.ERRORS_EXCEEDED.word())))
        .forEach(job -> bad.merge(stamps(job).generation(), job.at(), Invariants::earlier));
    promotions()
        .filter(it -> it.at.isAfter(bad.getOrDefault(it.generation, Instant.MAX)))
        .forEach(it -> broken.add("S2: promoted after an error: " + it));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /** S3: one live registration per generation, and nothing live once all is over. */
  private void submittedOnce() {
    var submitted = new HashSet<Long>();
    registrations(scenario.isDeployment() ? Role.PRODUCTION : Role.CANARY)
        .filter(job -> job.who().equals("canary"))
        .filter(job -> stopReason(job).isEmpty())
        .filter(job -> !submitted.add(stamps(job).generation()))
        .forEach(job -> broken.add("S3: submitted twice: " + job));
    world.nomad.liveAllocations().stream()
        .filter(allocation -> !mayStay(allocation))
        .forEach(left -> broken.add("S3: still running: " + left));
  }

  /** S3: what ended has left a tombstone, which refuses whoever comes late. */
  private void notSubmittedAfterItsEnd() {
    if (isGenerationLost()) {
      return; // And with it what a tombstone is made of: the sweep stops what comes late.
    }
    var ends = new HashMap<Long, Instant>();
    progress()
        .filter(written -> written.status.phase().isTerminal())
        .forEach(written -> ends.putIfAbsent(written.generation(), written.at));
    registrations(Role.CANARY)
        .filter(job -> stopReason(job).isEmpty())
        .filter(job -> job.at().isAfter(ends.getOrDefault(stamps(job).generation(), Instant.MAX)))
        .forEach(job -> broken.add("S3: submitted after its end: " + job));
  }

  /** S5, mode job: never over a change that came after the verdict. */
  private void productionIsRegisteredOverThePersistedIndex() {
    if (scenario.isDeployment()) {
      return;
    }
    var indexes = new HashMap<String, Long>();
    for (var job : world.nomad.registrations()) {
      if (job.accepted()) {
        var before = indexes.put(job.jobId(), job.modifyIndex());
        if (stamps(job.document()).filter(own -> own.role() == Role.PRODUCTION).isPresent()
            && job.who().equals("canary")
            && stopReason(job).isEmpty()
            && before != null
            && !isPersisted(before, stamps(job).generation())) {
          broken.add(
              "S5: registered over index %d, which no verdict knew: %s".formatted(before, job));
        }
      }
    }
  }

  private boolean isPersisted(long index, long generation) {
    return progress()
        .filter(written -> written.generation() == generation)
        .anyMatch(
            written ->
                written.status.phase() instanceof Phase.Promoting promoting
                    && promoting.productionIndex().equals(OptionalLong.of(index)));
  }

  /** S4: an end is written when nothing is left running, and never changes. */
  private void endsStay() {
    var ends = new HashMap<Long, Reason>();
    progress()
        .forEach(
            written -> {
              var end = ends.get(written.generation());
              var reason = written.status.phase().endReason();
              if (end != null && !reason.equals(Optional.of(end))) {
                broken.add("S4: " + end + " changed to " + written.status.phase());
              }
              if (written.status.phase().isTerminal() && end == null) {
                ends.put(written.generation(), reason.orElseThrow());
                leftAt(written).forEach(broken::add);
              }
            });
  }

  private Stream<String> leftAt(Progress end) {
    return world.nomad.liveAt(end.at).stream()
        .filter(allocation -> allocation.generation() == end.generation())
        .filter(allocation -> !mayStay(allocation))
        .map(allocation -> "S4: ended while still running: " + allocation);
  }

  /** S5: over the index that was there, by the generation's promotion or its return. */
  private void productionIsOnlyChangedByPromotion() {
    var users = new HashSet<Long>();
    for (var job : world.nomad.registrations()) {
      if (job.jobId().equals("api") && job.accepted()) {
        if (job.who().equals("user")) {
          users.add(job.modifyIndex());
        } else if (stamps(job.document()).isEmpty() && !isReturn(job)) {
          broken.add("S5: production changed by " + job);
        }
      }
    }
    if (users.isEmpty()) {
      broken.add("S5: the world has no production"); // Or this check could not fail.
    }
  }

  /** To what a person had registered. */
  private boolean isReturn(Registration job) {
    return world.nomad.registrations().stream()
        .filter(earlier -> earlier.who().equals("user") && earlier.at().isBefore(job.at()))
        .anyMatch(earlier -> image(earlier).equals(image(job)));
  }

  private static String image(Registration job) {
    return IMAGE.matcher(job.document().json()).results().findFirst().orElseThrow().group();
  }

  /** S6. */
  private void definitionIsTheUsers() {
    world.consul.writes().stream()
        .filter(write -> write.key().startsWith("canary/runs/") && !write.session().equals("user"))
        .forEach(write -> broken.add("S6: the definition was written by " + write));
  }

  /** L1, and that the outcome is one that is right here. */
  private void endedInTime() {
    var end = world.status();
    if (!world.hasEnded()) {
      broken.add("L1: not ended: " + end);
    } else if (end.isEmpty()) {
      // Its definition, and perhaps its status, were removed: there is nothing to tell.
      if (world.consul.presentDefinition(World.RUN).isPresent()) {
        broken.add("L1: nobody took it up");
      }
    } else if (!scenario.outcomes().contains(end.get().phase().endReason().orElseThrow())) {
      broken.add("wrong outcome: " + end.get().phase() + " " + end.get().message());
    }
    if (!world.consul.presentCommands().isEmpty()) {
      broken.add("L1: commands are left: " + world.consul.presentCommands());
    }
    if (world.consul.lockHolder(World.RUN).isPresent()) {
      broken.add("L1: the lock is still held");
    }
  }

  private void nothingHangs() {
    world.stuck().forEach(it -> broken.add("the watchdog would end a daemon: " + it.inWords()));
  }

  /** From the first error that could be read to the stop order; empty: there was no such error. */
  static Optional<Duration> errorToStop(World world, String run, Instant readable) {
    return world.nomad.registrations().stream()
        .filter(job -> job.accepted() && stopReason(job).isPresent())
        .filter(job -> stamps(job).run().equals(run))
        .map(Registration::at)
        .filter(at -> !at.isBefore(readable))
        .findFirst()
        .map(at -> Duration.between(readable, at));
  }

  /** Production that runs nothing of a run, or the version that was promoted and did not fail. */
  private boolean mayStay(LiveAllocation allocation) {
    if (allocation.jobId().endsWith("-canary")) {
      return false;
    }
    return !scenario.isDeployment()
        || allocation.generation() == 0
        || promotedBy("user", allocation.generation())
        || isLost(allocation.generation())
        || progress()
            .filter(written -> written.generation() == allocation.generation())
            .allMatch(written -> mayStay(written.status.phase()));
  }

  private static boolean mayStay(Phase phase) {
    return !phase.isEnding()
        || phase.endReason().filter(end -> end.outcome() == Outcome.SUCCEEDED).isPresent();
  }

  private boolean promotedBy(String who, long generation) {
    return world.nomad.promotions().stream()
        .anyMatch(it -> it.who().equals(who) && it.generation() == generation);
  }

  /**
   * Promoted, before somebody removed what was frozen, so that nobody knows what production was, or
   * the status, so that nobody knows who promoted it. It is left as it is.
   */
  private boolean isLost(long generation) {
    return promotedBy("canary", generation) && (isGenerationLost() || isStatusLost());
  }

  private boolean isGenerationLost() {
    return world.consul.presentKeys("generations/").isEmpty();
  }

  private boolean isStatusLost() {
    return world.consul.writes().stream()
        .anyMatch(it -> it.key().equals("canary/status/api") && it.session().equals("user"));
  }

  /** Where nobody else changed it, production is as it was after every end but a good one. */
  private void productionIsReturned() {
    var end = world.status().flatMap(status -> status.phase().endReason());
    var changed =
        world.nomad.registrations().stream().filter(job -> job.who().equals("user")).count() > 1
            || world.nomad.promotions().stream().anyMatch(it -> it.who().equals("user"))
            || world.consul.presentRuns().size() > 1;
    var good =
        progress() // A later generation may have found nothing to do.
            .filter(written -> written.status.phase().isTerminal())
            .flatMap(written -> written.status.phase().endReason().stream())
            .anyMatch(reason -> reason.outcome() == Outcome.SUCCEEDED);
    var image = good ? "api:42" : "api:41";
    var lost =
        isGenerationLost()
            || world.nomad.promotions().stream().anyMatch(it -> isLost(it.generation()));
    if (!changed && (good || !lost) && !world.nomad.present("api").json().contains(image)) {
      broken.add("S5: ended " + end + ", and production is not " + image);
    }
  }

  /** A change of production that users notice. */
  private record Promotion(Instant at, long generation) {}

  private Stream<Promotion> promotions() {
    return scenario.isDeployment()
        ? world.nomad.promotions().stream()
            .filter(it -> it.who().equals("canary"))
            .map(it -> new Promotion(it.at(), it.generation()))
        : registrations(Role.PRODUCTION)
            .map(job -> new Promotion(job.at(), stamps(job).generation()));
  }

  private Stream<Progress> progress() {
    return progress.stream();
  }

  private static Stream<Progress> progress(World world) {
    return world.consul.writes().stream()
        .filter(write -> write.key().startsWith("canary/status/"))
        .flatMap(
            (Write write) ->
                StatusCodec.read(write.text()).stream()
                    .map(status -> new Progress(write.at(), status)));
  }

  private Stream<Registration> registrations(Role role) {
    return world.nomad.registrations().stream()
        .filter(Registration::accepted)
        .filter(job -> stamps(job.document()).filter(own -> own.role() == role).isPresent());
  }

  private static Stamps stamps(Registration job) {
    return stamps(job.document()).orElseThrow();
  }

  private static Optional<Stamps> stamps(JobDocument job) {
    return Stamps.of(meta(job));
  }

  private static Optional<String> stopReason(Registration job) {
    return Optional.ofNullable(meta(job.document()).get(Stamps.STOP_REASON));
  }

  static Map<String, String> meta(JobDocument job) {
    try {
      var meta = new HashMap<String, String>();
      JSON.readTree(job.json())
          .path("Meta")
          .properties()
          .forEach(entry -> meta.put(entry.getKey(), entry.getValue().asText()));
      return meta;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
