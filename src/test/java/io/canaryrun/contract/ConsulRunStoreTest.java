package io.canaryrun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.adapter.consul.ConsulConnection;
import io.canaryrun.adapter.consul.ConsulLeases;
import io.canaryrun.adapter.consul.ConsulRunStore;
import io.canaryrun.adapter.consul.ConsulServiceCatalog;
import io.canaryrun.adapter.consul.ConsulSettings;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.agents.ConsulAgent;
import io.canaryrun.agents.LoopbackPorts;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.Leases;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.ServiceCatalog.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

@Tag("agents")
class ConsulRunStoreTest extends RunStoreContract {
  private static final String ALLOCATION = "0f5a8a10-6b2c-4d5e-9f70-123456789abc";

  private static ConsulAgent agent;
  private static ConsulAgent guarded;
  private static ConsulConnection consul;
  private static ConsulConnection stranger;

  @BeforeAll
  static void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
    agent = ConsulAgent.dev(directory.resolve("open"));
    guarded = ConsulAgent.withPermissions(directory.resolve("guarded"));
    consul = connection(agent.address().toString(), "");
    stranger =
        connection(
            guarded.address().toString(),
            guarded.token("stranger", "key_prefix \"elsewhere/\" { policy = \"write\" }"));
  }

  @AfterAll
  static void stop() throws IOException {
    stranger.close();
    consul.close();
    guarded.close();
    agent.close();
  }

  private static ConsulConnection connection(String address, String token) {
    return new ConsulConnection(
        ConsulSettings.of(
            new Environment(Map.of("CONSUL_HTTP_ADDR", address, "CONSUL_HTTP_TOKEN", token))),
        Optional.empty());
  }

  @Override
  RunStore store() {
    return new ConsulRunStore(consul, "canary/");
  }

  @Override
  void userPuts(String key, String text) {
    agent.put("canary/" + key, text);
  }

  @Override
  Leases leases() {
    return new ConsulLeases(consul);
  }

  @Override
  Instant now() {
    return Instant.now();
  }

  @Test
  void sessionHasTheTimesThatWereAskedFor() {
    var session = leases().open("node-1", Duration.ofSeconds(15), Duration.ofSeconds(2));

    var stored = agent.send("GET", "/v1/session/info/" + session, "").body().replace(" ", "");
    assertTrue(stored.contains("\"TTL\":\"15000ms\""), stored);
    assertTrue(stored.contains("\"LockDelay\":2000000000"), stored);
    assertTrue(stored.contains("\"Behavior\":\"release\""), stored);
    assertTrue(stored.contains("\"Name\":\"canarynode-1\""), stored);
  }

  @Test
  void knowsItsDatacenter() {
    assertEquals("dc1", leases().datacenter());
  }

  @Test
  void textThatIsNoStatusIsSeenAsSuch() {
    // Given
    agent.put("canary/status/edited", "hello");

    // Then
    var stored = store().status("edited").orElseThrow();
    assertEquals(Optional.empty(), stored.status());
    assertEquals("hello", stored.text());
  }

  @Test
  void folderIsNoRun() {
    // Given
    agent.put("canary/runs/", "");
    agent.put("canary/runs/team/api", "{}");

    // Then
    assertTrue(
        store().definitions().stream()
            .noneMatch(found -> found.name().isEmpty() || found.name().contains("/")));
  }

  @Test
  void forbiddenIsNotAbsent() {
    // Given
    guarded.put("canary/runs/api", "{}");
    var store = new ConsulRunStore(stranger, "canary/");

    // Then
    assertEquals(List.of(), store.definitions()); // Which proves nothing.
    var refusal = assertThrows(PortFailure.Rejected.class, () -> store.definition("api"));
    assertTrue(refusal.getMessage().contains("CONSUL_HTTP_TOKEN"), refusal.getMessage());
  }

  @Test
  void forbiddenWriteIsNoConflict() {
    var store = new ConsulRunStore(stranger, "canary/");

    assertThrows(PortFailure.Rejected.class, () -> store.writeDefinition("api", "{}", 0));
    assertThrows(
        PortFailure.Rejected.class,
        () -> store.claim("api", Optional.empty(), pending(), "no-session"));
  }

  @Test
  void tryingOutNamesWhatIsForbidden() {
    // Given
    var token =
        guarded.token(
            "half",
            """
            key_prefix "canary/" { policy = "write" }
            key_prefix "canary/runs/" { policy = "read" }
            key_prefix "canary/status/" { policy = "read" }
            key_prefix "canary/history/" { policy = "deny" }
            """);
    var store = new ConsulRunStore(connection(guarded.address().toString(), token), "canary/");

    // Then
    assertNames("canary/history/", store::tryReading);
    assertNames("canary/status/", store::tryWriting);
    assertNames("canary/history/", store::tryWriting);
    assertNames("canary/runs/", store::tryDefining);
  }

  private static void assertNames(String what, Executable trial) {
    var refusal = assertThrows(PortFailure.Rejected.class, trial);
    assertTrue(refusal.getMessage().contains(what), refusal.getMessage());
  }

  @Test
  void versionThatMayNotBeReadIsUnknown() {
    var server = new ConsulLeases(stranger).server();

    assertEquals(Optional.empty(), server.version());
    assertEquals(guarded.address().toString(), server.address());
  }

  @Test
  void servicesThatMayNotBeReadAreNotGone() {
    var refusal =
        assertThrows(
            PortFailure.Rejected.class,
            () -> new ConsulServiceCatalog(stranger).instances(List.of("api-canary")));

    assertTrue(refusal.getMessage().contains("service:read"), refusal.getMessage());
  }

  @Test
  void onlyWhatIsMissingIsNamed() {
    // Given
    var token = guarded.token("nodeless", "service_prefix \"api\" { policy = \"read\" }");
    var catalog = new ConsulServiceCatalog(connection(guarded.address().toString(), token));

    // When
    var refusal =
        assertThrows(PortFailure.Rejected.class, () -> catalog.instances(List.of("api-canary")));

    // Then
    assertTrue(refusal.getMessage().contains("needs node:read on all nodes"), refusal.getMessage());
  }

  @Test
  void servicesThatMayBeReadAreGone() {
    // Given
    var token =
        guarded.token(
            "reader",
            """
            service_prefix "api" { policy = "read" }
            node_prefix "" { policy = "read" }
            """);

    // Then
    assertEquals(
        List.of(),
        new ConsulServiceCatalog(connection(guarded.address().toString(), token))
            .instances(List.of("api-canary")));
    assertEquals(List.of(), new ConsulServiceCatalog(consul).instances(List.of("api-canary")));
  }

  @Test
  void instancesAreThoseThatNomadRegistered() {
    // Given
    register("_nomad-task-" + ALLOCATION + "-group-web-shop-http", "critical");
    register("by-hand", "passing");

    // When
    var instances = new ConsulServiceCatalog(consul).instances(List.of("shop"));

    // Then
    assertEquals(
        List.of(new Instance("shop", ALLOCATION, Optional.of("check alive fails"))), instances);
  }

  private static void register(String id, String state) {
    agent.send(
        "PUT",
        "/v1/agent/service/register",
        """
        {"ID":"%s","Name":"shop","Port":80,
         "Check":{"CheckID":"%s","Name":"alive","TTL":"1h","Status":"%s"}}
        """
            .formatted(id, "check-" + id, state));
  }

  @Test
  void nobodyAnsweringIsUnavailable() throws IOException {
    try (var nowhere = connection("127.0.0.1:" + LoopbackPorts.free(), "")) {
      var store = new ConsulRunStore(nowhere, "canary/");

      assertThrows(PortFailure.Unavailable.class, () -> store.definition("api"));
      assertThrows(PortFailure.Unavailable.class, () -> store.writeDefinition("api", "{}", 0));
      assertThrows(
          PortFailure.Unavailable.class,
          () -> store.awaitDefinitionChange(0, Duration.ofSeconds(1)));
      assertThrows(
          PortFailure.Unavailable.class, () -> new ConsulLeases(nowhere).renew("some-session"));
    }
  }

  private static RunStatus pending() {
    return RunStatus.pending(
        "api", OptionalLong.of(1), "sha256:1", Instant.EPOCH, new Owner("test", "s"));
  }
}
