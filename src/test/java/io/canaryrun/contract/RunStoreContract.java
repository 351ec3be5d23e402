package io.canaryrun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.Leases;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.RunStore.Garbage;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredMember;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link RunStore} promises, together with its {@link Leases}. */
abstract class RunStoreContract {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  abstract RunStore store();

  abstract Leases leases();

  abstract Instant now();

  /** With a person's own hands, whatever is there; the key is relative to the prefix. */
  abstract void userPuts(String key, String text);

  @Test
  void definitionIsReadAsItWasWritten() {
    // When
    long index = store().writeDefinition("as-written", definition("as-written"), 0).orElseThrow();

    // Then
    var stored = new StoredDefinition("as-written", index, definition("as-written"));
    assertEquals(Optional.of(stored), store().definition("as-written"));
    assertTrue(store().definitions().contains(stored));
    assertEquals(Optional.empty(), store().definition("never-written"));
  }

  @Test
  void identicalBytesAreNoNewGeneration() {
    // Given
    long index = store().writeDefinition("identical", "{}", 0).orElseThrow();

    // When
    var again = store().writeDefinition("identical", "{}", index);

    // Then
    assertEquals(OptionalLong.of(index), again);
    assertEquals(index, store().definition("identical").orElseThrow().modifyIndex());
  }

  @Test
  void definitionIsNotWrittenOverSomebodyElses() {
    // Given
    long first = store().writeDefinition("contested", "{}", 0).orElseThrow();
    store().writeDefinition("contested", "{\"a\":1}", first);

    // When
    var late = store().writeDefinition("contested", "{\"b\":1}", first);
    var asNew = store().writeDefinition("contested", "{\"b\":1}", 0);

    // Then
    assertEquals(OptionalLong.empty(), late);
    assertEquals(OptionalLong.empty(), asNew);
    assertEquals("{\"a\":1}", store().definition("contested").orElseThrow().text());
  }

  @Test
  void oneClaimsAndTheOtherDoesNot() {
    // Given
    var mine = session();
    var others = session();

    // When
    var claimed = store().claim("claimed", Optional.empty(), pending("claimed", 1), mine);
    var late = store().claim("claimed", Optional.empty(), pending("claimed", 1), others);
    var over = store().claim("claimed", store().status("claimed"), pending("claimed", 1), others);

    // Then
    assertEquals(Optional.empty(), late);
    assertEquals(Optional.empty(), over);
    assertEquals(claimed, store().status("claimed"));
    assertEquals(Optional.of(mine), claimed.orElseThrow().lockedBy());
  }

  @Test
  void claimLeavesTheStatusAsItWas() {
    // Given
    var first = session();
    var claimed = store().claim("kept", Optional.empty(), pending("kept", 1), first).orElseThrow();
    store().release("kept", first);
    var seen = store().status("kept");

    // When
    var again = store().claim("kept", seen, pending("kept", 99), session());

    // Then
    assertEquals(claimed.text(), again.orElseThrow().text());
    assertEquals(Optional.empty(), seen.orElseThrow().lockedBy());
  }

  @Test
  void ownerWritesAndKeepsTheLock() {
    // Given
    var session = session();
    var claimed = claim("written", session);
    var next = pending("written", 1).moved(new Phase.SubmittingJob(NOW), "go", NOW);

    // When
    var index = store().write(next, claimed.modifyIndex(), session, Optional.empty());

    // Then
    var stored = store().status("written").orElseThrow();
    assertEquals(Optional.of(next), stored.status());
    assertEquals(index, OptionalLong.of(stored.modifyIndex()));
    assertEquals(Optional.of(session), stored.lockedBy());
    assertEquals(List.of(), store().history("written"));
  }

  @Test
  void formerOwnerCannotWrite() {
    // Given
    var former = session();
    var claimed = claim("deposed", former);
    store().release("deposed", former);
    var released = store().status("deposed").orElseThrow();

    // Then
    var status = pending("deposed", 1);
    assertEquals(
        OptionalLong.empty(),
        store().write(status, released.modifyIndex(), former, Optional.empty()));
    var present = store().claim("deposed", Optional.of(released), status, session()).orElseThrow();
    assertEquals(
        OptionalLong.empty(),
        store().write(status, present.modifyIndex(), former, Optional.empty()));
    assertEquals(
        OptionalLong.empty(),
        store().write(status, claimed.modifyIndex(), former, Optional.empty()));
  }

  @Test
  void ownerWhoMissedAWriteCannotWrite() {
    // Given
    var session = session();
    var claimed = claim("stale", session);
    var status = pending("stale", 1).moved(new Phase.SubmittingJob(NOW), "go", NOW);
    store().write(status, claimed.modifyIndex(), session, Optional.empty());

    // Then
    assertEquals(
        OptionalLong.empty(),
        store().write(status, claimed.modifyIndex(), session, Optional.empty()));
  }

  @Test
  void endOfASessionGivesTheLockBack() {
    // Given
    var session = session();
    claim("abandoned", session);

    // When
    leases().destroy(session);

    // Then
    assertEquals(Optional.empty(), store().status("abandoned").orElseThrow().lockedBy());
    assertFalse(leases().renew(session));
  }

  @Test
  void openSessionIsRenewed() {
    assertTrue(leases().renew(session()));
  }

  @Test
  void releaseIsForTheHolderOnly() {
    // Given
    var mine = session();
    claim("held", mine);

    // When
    store().release("held", session());

    // Then
    assertEquals(Optional.of(mine), store().status("held").orElseThrow().lockedBy());
  }

  @Test
  void freezesOnce() {
    // Given
    var session = session();
    long number = store().writeDefinition("frozen", definition("frozen"), 0).orElseThrow();
    var generation = generation("frozen", number);
    var claimed = claim("frozen", session);
    var submitting = pending("frozen", number).moved(new Phase.SubmittingJob(NOW), "go", NOW);

    // When
    var index = store().freeze(generation, submitting, claimed.modifyIndex(), session);
    var again = store().freeze(generation, submitting, index.orElseThrow(), session);

    // Then
    assertEquals(OptionalLong.empty(), again);
    assertEquals(Optional.of(generation), store().generation("frozen", number));
    assertEquals(Optional.of(submitting), store().status("frozen").orElseThrow().status());
    assertEquals(Optional.empty(), store().generation("frozen", number + 1));
  }

  @Test
  void generationThatIsTooLargeIsNotFrozen() {
    // Given
    var noise = new StringBuilder();
    new Random(7).ints(400_000, 'a', 'z').forEach(noise::appendCodePoint);
    var session = session();
    long number = store().writeDefinition("large", definition("large"), 0).orElseThrow();
    var generation = generation("large", number, "{\"ID\":\"%s\"}".formatted(noise));
    var claimed = claim("large", session);

    // Then
    assertThrows(
        PortFailure.Rejected.class,
        () -> store().freeze(generation, pending("large", number), claimed.modifyIndex(), session));
    assertEquals(Optional.empty(), store().generation("large", number));
  }

  @Test
  void changedDefinitionIsNotFrozen() {
    // Given
    var session = session();
    long number = store().writeDefinition("replaced", definition("replaced"), 0).orElseThrow();
    var claimed = claim("replaced", session);
    store().writeDefinition("replaced", "{}", number);

    // When
    var index =
        store()
            .freeze(
                generation("replaced", number),
                pending("replaced", number),
                claimed.modifyIndex(),
                session);

    // Then
    assertEquals(OptionalLong.empty(), index);
    assertEquals(Optional.empty(), store().generation("replaced", number));
  }

  @Test
  void endIsHistoryToo() {
    // Given
    var session = session();
    var claimed = claim("ended", session);
    var end = pending("ended", 1).moved(new Phase.Ended(Reason.GOAL_REACHED), "good", NOW);

    // When
    store().write(end, claimed.modifyIndex(), session, Optional.empty());

    // Then
    assertEquals(List.of(end), store().history("ended"));
  }

  @Test
  void historyKeepsTheNewestByNumber() {
    // Given
    var session = session();
    var index = claim("old", session).modifyIndex();
    for (long number = 8; number <= 12; number++) {
      var end = pending("old", number).moved(new Phase.Ended(Reason.GOAL_REACHED), "good", NOW);
      index = store().write(end, index, session, Optional.empty()).orElseThrow();
    }

    // When
    store().prune("old", 2);

    // Then
    assertEquals(
        List.of(12L, 11L),
        store().history("old").stream().map(past -> past.generation().orElseThrow()).toList());
  }

  @Test
  void claimReplacesWhatIsNoStatus() {
    // Given
    userPuts("status/garbage", "oops");
    var seen = store().status("garbage");
    var session = session();

    // When
    var claimed = store().claim("garbage", seen, pending("garbage", 3), session);

    // Then
    assertEquals(Optional.of(pending("garbage", 3)), claimed.orElseThrow().status());
    assertEquals(claimed, store().status("garbage"));
  }

  @Test
  void generationThatWasWrittenOverIsCorrupt() {
    // Given
    userPuts("generations/written-over/7", "oops");

    // Then
    assertThrows(PortFailure.Corrupt.class, () -> store().generation("written-over", 7));
    assertEquals(Optional.empty(), store().generation("written-over", 8));
  }

  @Test
  void forgetsARunThatHasNoDefinition() {
    // Given
    long number = store().writeDefinition("forgotten", definition("forgotten"), 0).orElseThrow();
    var ended = end("forgotten", number);
    userPuts("commands/forgotten/abort", "{}");
    userPuts("history/forgotten-not/1", "{}");
    store().deleteDefinition("forgotten");

    // Then
    assertTrue(store().forget("forgotten", Optional.of(ended)));
    assertFalse(store().keys().containsKey("forgotten"));
    assertEquals(List.of("canary/history/forgotten-not/1"), store().keys().get("forgotten-not"));
  }

  @Test
  void forgetsNothingThatWasTakenUpOrDefinedMeanwhile() {
    // Given
    long number = store().writeDefinition("defined", definition("defined"), 0).orElseThrow();
    var defined = end("defined", number);
    long other = store().writeDefinition("taken", definition("taken"), 0).orElseThrow();
    var taken = end("taken", other);
    store().deleteDefinition("taken");
    store().claim("taken", Optional.of(taken), pending("taken", 99), session());

    // Then
    assertFalse(store().forget("defined", Optional.of(defined)));
    assertFalse(store().forget("taken", Optional.of(taken)));
    assertEquals(Optional.of(defined), store().status("defined"));
    assertEquals(1, store().history("defined").size());
    assertTrue(store().status("taken").isPresent());
    assertEquals(1, store().history("taken").size());
  }

  /** Freezes that generation of a run and ends it. */
  private StoredStatus end(String name, long number) {
    var session = session();
    var claimed = claim(name, session);
    var index =
        store()
            .freeze(generation(name, number), pending(name, number), claimed.modifyIndex(), session)
            .orElseThrow();
    var end = pending(name, number).moved(new Phase.Ended(Reason.GOAL_REACHED), "good", NOW);
    store().write(end, index, session, Optional.empty());
    store().release(name, session);
    return store().status(name).orElseThrow();
  }

  @Test
  void startWritesDefinitionAndLockTogether() throws Exception {
    // Given
    var session = session();

    // When
    var started =
        store()
            .start("local", definition("local"), 0, Optional.empty(), unnumbered("local"), session)
            .orElseThrow();

    // Then
    assertEquals(store().status("local"), Optional.of(started.status()));
    assertEquals(store().definition("local").orElseThrow().modifyIndex(), started.generation());
    assertEquals(
        Optional.empty(),
        store()
            .start(
                "local",
                "{}",
                started.generation(),
                store().status("local"),
                unnumbered("local"),
                session()));
    assertEquals(definition("local"), store().definition("local").orElseThrow().text());
  }

  /** Consul bounds what one transaction may contain. */
  @Test
  void startTakesTheLongestDefinition() throws Exception {
    var longest = "{}" + " ".repeat(DefinitionCodec.MAX_BYTES - 2);

    assertTrue(
        store()
            .start("longest", longest, 0, Optional.empty(), unnumbered("longest"), session())
            .isPresent());
    assertEquals(longest, store().definition("longest").orElseThrow().text());
  }

  @Test
  void deletedDefinitionIsAbsent() {
    // Given
    store().writeDefinition("deleted", "{}", 0);

    // When
    store().deleteDefinition("deleted");

    // Then
    assertEquals(Optional.empty(), store().definition("deleted"));
  }

  @Test
  void changeOfADefinitionWakes() {
    // Given
    long before = store().awaitDefinitionChange(0, Duration.ofSeconds(1));

    // When
    store().writeDefinition("news", "{}", 0);

    // Then
    assertNotEquals(before, store().awaitDefinitionChange(before, Duration.ofSeconds(10)));
  }

  @Test
  void quietWatchEnds() {
    // Given
    store().writeDefinition("quiet", "{}", 0);
    long before = store().awaitDefinitionChange(0, Duration.ofSeconds(1));

    // When
    long after =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> store().awaitDefinitionChange(before, Duration.ofMillis(300)));

    // Then
    assertEquals(before, after);
  }

  private String session() {
    return leases().open("test", Duration.ofSeconds(10), Duration.ZERO);
  }

  private StoredStatus claim(String name, String session) {
    return store().claim(name, Optional.empty(), pending(name, 1), session).orElseThrow();
  }

  private static RunStatus pending(String name, long generation) {
    return RunStatus.pending(
        name, OptionalLong.of(generation), "sha256:1", NOW, new Owner("test", "s"));
  }

  private static RunStatus unnumbered(String name) {
    return RunStatus.pending(name, OptionalLong.empty(), "sha256:1", NOW, new Owner("test", "s"));
  }

  private static String definition(String name) {
    return """
        {"apiVersion":"canary/v1","kind":"CanaryRun","metadata":{"name":"%s"},
         "spec":{"job":{"nomadJob":"api"}}}
        """
        .formatted(name);
  }

  private static Generation generation(String name, long number) {
    return generation(name, number, "{\"ID\":\"api-canary\"}");
  }

  private static Generation generation(String name, long number, String canaryJob) {
    var text = definition(name);
    var read =
        assertInstanceOf(DefinitionCodec.Result.Valid.class, DefinitionCodec.read(name, text));
    return new Generation(
        name,
        number,
        DefinitionCodec.digest(text),
        text,
        read.run(),
        new JobDocument("api-canary", canaryJob),
        1,
        List.of("api-canary"),
        Optional.of(new JobDocument("api", "{\"ID\":\"api\"}")),
        Optional.of(
            new Generation.Production(new JobDocument("api", "{\"ID\":\"api\",\"A\":1}"), 3, 0)));
  }

  @Test
  void commandsOfPeople() {
    // Given
    userPuts("commands/asked/abort", "{\"generation\":7,\"by\":\"ada\",\"reason\":\"late\"}");
    userPuts("commands/asked/explode", "{}");
    userPuts("commands/other/pause", "now!");

    // When
    var commands = store().commands("asked");

    // Then
    var abort = (Command.Asked) commands.getFirst();
    assertEquals(
        new Command.Asked(Command.Kind.ABORT, abort.modifyIndex(), 7, "ada", "late"), abort);
    var explode = (Command.Unreadable) commands.getLast();
    assertEquals(
        new Command.Unreadable(
            "explode", explode.modifyIndex(), "there is only abort, pause, resume, promote"),
        explode);
    assertEquals(commands, store().commands().get("asked"));
    assertEquals(1, store().commands().get("other").size());
    assertEquals(List.of(), store().commands("nobody"));
  }

  @Test
  void commandThatWasWrittenIsRead() {
    // When
    store().writeCommand("written", new Command.Asked(Command.Kind.PAUSE, 0, 7, "ada", "lunch"));

    // Then
    var read = store().commands("written").getFirst();
    assertEquals(
        new Command.Asked(Command.Kind.PAUSE, read.modifyIndex(), 7, "ada", "lunch"), read);
  }

  @Test
  void heededCommandGoesTogetherWithTheStatus() {
    // Given
    var session = session();
    var claimed = claim("heeded", session);
    store().writeCommand("heeded", new Command.Asked(Command.Kind.PAUSE, 0, 1, "ada", ""));
    var command = store().commands("heeded").stream().findFirst();
    var next = pending("heeded", 1).answered(true, "paused by ada", NOW);

    // When
    var index = store().write(next, claimed.modifyIndex(), session, command);

    // Then
    assertEquals(List.of(), store().commands("heeded"));
    assertEquals(Optional.of(next), store().status("heeded").orElseThrow().status());
    // A command that somebody removed meanwhile is heeded all the same.
    assertTrue(store().write(next, index.orElseThrow(), session, command).isPresent());
  }

  @Test
  void commandThatWasWrittenAnewStays() {
    // Given
    var session = session();
    var claimed = claim("anew", session);
    store().writeCommand("anew", new Command.Asked(Command.Kind.PAUSE, 0, 1, "ada", "first"));
    var first = store().commands("anew").getFirst();
    store().writeCommand("anew", new Command.Asked(Command.Kind.PAUSE, 0, 1, "ada", "second"));

    // When
    var index =
        store()
            .write(
                pending("anew", 1).answered(true, "paused", NOW),
                claimed.modifyIndex(),
                session,
                Optional.of(first));
    store().removeCommand("anew", first);

    // Then
    assertEquals(OptionalLong.empty(), index);
    var second = store().commands("anew").getFirst();
    assertEquals("by ada: second", second.toString());
    store().removeCommand("anew", second);
    assertEquals(List.of(), store().commands("anew"));
  }

  @Test
  void tryingOutLeavesNothing() {
    // Given
    var before = store().keys();
    long watched = store().awaitDefinitionChange(0, Duration.ofSeconds(1));

    // When
    store().tryReading();
    store().tryWriting();
    store().tryDefining();

    // Then
    assertEquals(before, store().keys());
    assertEquals(watched, store().awaitDefinitionChange(0, Duration.ofSeconds(1)));
  }

  @Test
  void namesAreThoseOfDefinitionsAndStatuses() {
    // Given
    userPuts("runs/named-defined", "{}");
    userPuts("status/named-left", "{}");
    userPuts("history/named-past/7", "{}");

    // Then
    assertEquals(
        List.of("named-defined", "named-left"),
        store().names().stream().filter(name -> name.startsWith("named-")).toList());
  }

  @Test
  void keysAreThoseOfRuns() {
    // Given
    long number = frozen("listed");
    userPuts("commands/listed/abort", "{}");
    userPuts("jobs/listed", "not ours");

    // Then
    assertEquals(
        List.of(
            "canary/commands/listed/abort",
            "canary/generations/listed/" + number,
            "canary/runs/listed",
            "canary/status/listed"),
        store().keys().get("listed"));
  }

  @Test
  void whatNobodyCanReadIsGarbage() {
    // Given
    frozen("readable");
    userPuts("status/garbled", "hello");
    userPuts("generations/garbled/7", "hello");
    userPuts("generations/garbled/last", "hello");
    userPuts("history/garbled/7", "{}");
    userPuts("runs/team/garbled", "{}");
    userPuts("jobs/garbled", "not ours");
    userPuts("members/garbled", "{}");

    // Then
    var garbage = store().garbage();
    assertTrue(garbage.stream().noneMatch(it -> it.key().contains("readable")), "" + garbage);
    assertEquals(
        List.of(
            "canary/generations/garbled/7",
            "canary/generations/garbled/last",
            "canary/history/garbled/7",
            "canary/members/garbled",
            "canary/runs/team/garbled",
            "canary/status/garbled"),
        garbage.stream().map(Garbage::key).filter(key -> key.contains("garbled")).toList());
    assertTrue(
        garbage.contains(new Garbage("canary/status/garbled", "is not a status")), "" + garbage);
  }

  @Test
  void daemonIsShownWithTheSessionThatHoldsItsRuns() {
    // Given
    var session = session();
    var member = member("shown");

    // When
    var joined = store().join(member, session);
    var again = store().join(member, session);

    // Then
    assertTrue(joined && again);
    var stored = stored("shown").orElseThrow();
    assertEquals(Optional.of(session), stored.lockedBy());
    assertEquals(Optional.of(member), stored.member());
    assertTrue(store().garbage().stream().noneMatch(it -> it.key().endsWith("/shown")));
    assertFalse(store().keys().containsKey("shown"));
  }

  @Test
  void nameOfALivingDaemonIsTaken() {
    // Given
    store().join(member("taken"), session());

    // When
    var other = store().join(member("taken"), session());

    // Then
    assertFalse(other);
  }

  @Test
  void daemonThatLeavesIsGone() {
    // Given
    var session = session();
    store().join(member("leaving"), session);

    // When
    store().leave("leaving", session());
    var afterAnother = stored("leaving");
    store().leave("leaving", session);
    store().leave("leaving", session);

    // Then
    assertTrue(afterAnother.isPresent());
    assertEquals(Optional.empty(), stored("leaving"));
  }

  @Test
  void daemonWhoseSessionEndedIsSeenToBeDeadUntilSomebodyRemovesIt() {
    // Given
    var session = session();
    store().join(member("dead"), session);
    var alive = stored("dead").orElseThrow();

    // When
    leases().destroy(session);
    var dead = stored("dead").orElseThrow();
    store().removeMember(alive);
    var afterAnOldLook = stored("dead");
    store().removeMember(dead);

    // Then
    assertEquals(Optional.empty(), dead.lockedBy());
    assertEquals(Optional.of(dead), afterAnOldLook);
    assertEquals(Optional.empty(), stored("dead"));
  }

  @Test
  void whateverIsWrittenAmongTheDaemonsDoesNoHarm() {
    // Given
    var session = session();
    store().join(member("overwritten"), session);
    userPuts("members/overwritten", "hello");
    userPuts("members/odd", "");
    userPuts("members/team/odd", "{}");

    // Then
    var overwritten = stored("overwritten").orElseThrow();
    assertEquals(Optional.of(session), overwritten.lockedBy());
    assertEquals(Optional.empty(), overwritten.member());
    assertEquals(Optional.empty(), stored("odd").orElseThrow().member());
    assertTrue(store().members().stream().noneMatch(it -> it.instance().contains("/")));

    // When
    store().join(member("overwritten"), session);

    // Then
    assertEquals(Optional.of(member("overwritten")), stored("overwritten").orElseThrow().member());
  }

  private Optional<StoredMember> stored(String instance) {
    return store().members().stream().filter(it -> it.instance().equals(instance)).findFirst();
  }

  private static Member member(String instance) {
    return new Member(instance, "1.2.3", NOW, Optional.of("node-1"));
  }

  @Test
  void sessionIsOpenUntilItEnds() {
    // Given
    var session = session();
    assertTrue(leases().isOpen(session));

    // When
    leases().destroy(session);

    // Then
    assertFalse(leases().isOpen(session));
  }

  @Test
  void agentTellsItsVersionAndItsTime() {
    var server = leases().server();

    assertTrue(server.version().orElseThrow().matches("1\\.\\d+\\.\\d+"), server.toString());
    var off = Duration.between(server.time(), now()).abs();
    assertTrue(off.compareTo(Duration.ofSeconds(5)) < 0, server.toString());
  }

  /**
   * @return the number of its generation
   */
  private long frozen(String name) {
    var session = session();
    long number = store().writeDefinition(name, definition(name), 0).orElseThrow();
    var claimed = claim(name, session);
    store().freeze(generation(name, number), pending(name, number), claimed.modifyIndex(), session);
    return number;
  }
}
