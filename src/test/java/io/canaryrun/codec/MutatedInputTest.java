package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.Golden;
import io.canaryrun.core.Given;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.spec.JobChanges;
import io.canaryrun.core.spec.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * Whatever anybody writes, the codecs report problems, and throw nothing else: see {@link Mutator}.
 */
class MutatedInputTest {
  @Test
  void definitionsAreValidOrHaveProblems() throws IOException {
    var right = definitions();
    Mutator.forAll(
        mutator -> {
          var text = mutator.mutated(mutator.oneOf(right));
          switch (DefinitionCodec.read("api", text)) {
            case DefinitionCodec.Result.Valid(var run) -> assertEquals("api", run.name());
            case DefinitionCodec.Result.Invalid(var problems) ->
                problems.forEach(problem -> assertEquals(1, problem.toString().lines().count()));
          }
          var _ = DefinitionCodec.read(text);
        });
  }

  @Test
  void definitionsAreChangedOrRefused() throws IOException {
    var right = definitions();
    Mutator.forAll(
        mutator -> {
          try {
            var edit = DefinitionEdit.of(mutator.mutated(mutator.oneOf(right)));
            var _ = edit.set("image", "api:43").set("canary.count", "3").rerun("1").text();
          } catch (IllegalArgumentException refused) {
            // It says why.
          }
        });
  }

  @Test
  void statusesAreReadAsTheyAreWrittenOrNotAtAll() {
    var right = statuses();
    Mutator.forAll(
        mutator ->
            StatusCodec.read(mutator.mutated(mutator.oneOf(right)))
                .ifPresent(
                    status -> {
                      var again = StatusCodec.read(StatusCodec.write(status)).orElseThrow();
                      assertEquals(StatusCodec.write(status), StatusCodec.write(again));
                    }));
  }

  @Test
  void generationsAreReadOrRefused() throws IOException {
    var frozen = GenerationCodec.write(generation());
    var text = GenerationCodec.json(frozen);
    assertEquals(generation(), GenerationCodec.read(frozen));
    Mutator.forAll(
        mutator -> {
          try {
            var _ = GenerationCodec.read(mutator.mutated(frozen));
          } catch (IllegalArgumentException refused) {
            // It says why.
          }
          try {
            var _ = GenerationCodec.read(GenerationCodec.compressed(mutator.mutated(text)));
          } catch (IllegalArgumentException refused) {
            // It says why.
          }
        });
  }

  @Test
  void commandsAreReadableOrNot() {
    var right = List.of("{\"generation\":7,\"reason\":\"looks bad\",\"by\":\"ada\"}");
    Mutator.forAll(
        mutator -> {
          var text = mutator.mutated(mutator.oneOf(right));
          var _ = CommandCodec.read(mutator.oneOf(List.of("abort", "pause", "", "x")), 3, text);
        });
  }

  @Test
  void membersAreShownOrNot() {
    var right =
        List.of(
            MemberCodec.write(new Member("node-1", "1.0.0", Given.NOW, Optional.of("client-1"))));
    Mutator.forAll(
        mutator ->
            MemberCodec.read(mutator.mutated(mutator.oneOf(right)))
                .ifPresent(
                    member -> {
                      assertEquals(1, member.instance().lines().count());
                      assertEquals(
                          Optional.of(member), MemberCodec.read(MemberCodec.write(member)));
                    }));
  }

  @Test
  void storedKeysAreKnownOrTheirProblemIsTold() throws IOException {
    var keys = List.of("status/api", "history/api/7", "generations/api/7", "members/node-1");
    var values = new ArrayList<>(statuses());
    values.add(GenerationCodec.json(GenerationCodec.write(generation())));
    Mutator.forAll(
        mutator -> {
          var key = mutator.oneOf(keys);
          var odd = mutator.oneOf(List.of(key, mutator.mutated(key)));
          var _ = StoredKeys.run(odd);
          var value = mutator.mutated(mutator.oneOf(values));
          StoredKeys.problem(odd, value.getBytes(UTF_8))
              .ifPresent(problem -> assertTrue(!problem.isBlank()));
        });
  }

  @Test
  void jobsAreUsableOrNot() {
    var right = List.of(JobsTest.STORED.json());
    var stored = JobsTest.STORED;
    Mutator.forAll(
        mutator -> {
          try {
            use(Jobs.read(mutator.mutated(mutator.oneOf(right))), stored);
          } catch (UnusableJob refused) {
            // It says why.
          }
        });
  }

  private static void use(JobDocument job, JobDocument stored) {
    var source = Jobs.source(job);
    var canary = Jobs.canaryOf(source, "-canary", 2, "http");
    var stamped = Jobs.stamped(canary, "api", 7, Stamps.Role.CANARY, "dc1/canary/");
    var _ = Jobs.stopped(Jobs.restorable(stamped), "why");
    var _ = Jobs.withCanaries(source, 2, "http");
    var _ = Jobs.isSubmitted(stamped, stored) || Jobs.isSubmitted(stored, stamped);
    var _ = Jobs.sameButForCounts(job, stored);
    var _ = Jobs.countOf(job, "http") + Jobs.groupsWith(job, "http");
    var _ = Jobs.drivers(job).size() + Jobs.consulServices(job).size();
    var _ = Jobs.consulServices(job, "http");
    var _ = Jobs.unsupported(job);
    var _ = JobOutline.groups(job);
    var _ = JobOutline.pretty(job);
    var _ = PlannedJob.of(stamped);
    var _ = Jobs.targeted(source, new Target("default", Optional.of("global")));
    var _ =
        Jobs.changed(
            source,
            new JobChanges(
                Optional.of("api:43"), Map.of("A", "1"), Map.of("b", "2"), Optional.of("web")));
  }

  private static List<String> definitions() throws IOException {
    var golden = Golden.in("definition");
    var texts = new ArrayList<String>();
    for (var name : golden.names(".in.json")) {
      texts.add(golden.read(name + ".in.json"));
    }
    return texts;
  }

  private static Generation generation() throws IOException {
    var text = Golden.in("definition").read("minimal.in.json");
    var run = ((DefinitionCodec.Result.Valid) DefinitionCodec.read(text)).run();
    var job = JobsTest.STORED;
    return new Generation(
        run.name(),
        7,
        DefinitionCodec.digest(text),
        text,
        run,
        job,
        2,
        List.of("api"),
        Optional.of(job),
        Optional.of(new Generation.Production(job, 40, 3)));
  }

  private static List<String> statuses() {
    var pending =
        RunStatus.pending(
            "api",
            OptionalLong.of(7),
            "sha256:x",
            Given.NOW,
            new RunStatus.Owner("node-1", "session-1"));
    var observing =
        pending
            .moved(new Phase.ObservingCounters(Given.LATER, Optional.empty()), "why", Given.NOW)
            .refreshed(Given.counted(1_000, 3), pending.nomad(), "why", Given.NOW);
    return List.of(StatusCodec.write(pending), StatusCodec.write(observing));
  }
}
