package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.canaryrun.Golden;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.Phase;
import io.canaryrun.core.phase.Reason;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.operator.Holdings;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredMember;
import io.canaryrun.port.StoredStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What {@code canary get --instances} shows. */
class InstanceListTest {
  private static final Golden GOLDEN = Golden.in("instances");
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  private static final Holdings BUSY =
      Holdings.of(
          List.of(
              member("node-1-4711", "s1", Duration.ofHours(3), Optional.of("node-1")),
              member("node-2-4712", "s2", Duration.ofSeconds(50), Optional.empty()),
              new StoredMember("dead-1", 7, Optional.empty(), Optional.empty()),
              new StoredMember("garbled-1", 7, Optional.of("s3"), Optional.empty())),
          List.of(definition("new"), definition("ended"), definition("web")),
          List.of(
              held("web", "s1", "node-1-4711"),
              held("api", "s1", "node-0-4710"),
              held("tool", "s9", "laptop-99"),
              held("taken-just-now", "s8", "node-0-4710"),
              free("left"),
              ended("ended"),
              new StoredStatus("garbage", 9, Optional.empty(), Optional.empty(), "?")));

  @Test
  void whoIsAliveHoldsWhat() throws IOException {
    GOLDEN.assertMatches("busy.txt", table(BUSY));
    GOLDEN.assertMatches("busy.json", InstanceList.json(BUSY) + "\n");
  }

  @Test
  void nobodyIsAlive() throws IOException {
    var nobody = Holdings.of(List.of(), List.of(definition("new")), List.of());

    GOLDEN.assertMatches("nobody.txt", table(nobody));
    assertEquals(List.of("new"), nobody.unheld());
  }

  private static String table(Holdings holdings) {
    var text = new StringWriter();
    InstanceList.table(new PrintWriter(text, true), holdings, NOW);
    return text.toString();
  }

  private static StoredMember member(
      String instance, String session, Duration age, Optional<String> node) {
    return new StoredMember(
        instance,
        7,
        Optional.of(session),
        Optional.of(new Member(instance, "1.2.3", NOW.minus(age), node)));
  }

  private static StoredDefinition definition(String name) {
    return new StoredDefinition(name, 7, "{}");
  }

  /** The status still names the owner before where the present one has written nothing yet. */
  private static StoredStatus held(String name, String session, String owner) {
    var before = owner.equals("node-0-4710") ? "s0" : session;
    return stored(status(name, new Owner(owner, before)), Optional.of(session));
  }

  private static StoredStatus free(String name) {
    return stored(status(name, new Owner("node-0-4710", "s0")), Optional.empty());
  }

  private static StoredStatus ended(String name) {
    var status = status(name, new Owner("node-0-4710", "s0"));
    return stored(status.moved(new Phase.Ended(Reason.GOAL_REACHED), "", NOW), Optional.empty());
  }

  private static StoredStatus stored(RunStatus status, Optional<String> lockedBy) {
    return new StoredStatus(status.name(), 9, lockedBy, Optional.of(status), "");
  }

  private static RunStatus status(String name, Owner owner) {
    return RunStatus.pending(name, OptionalLong.of(7), "sha256:1", NOW, owner);
  }
}
