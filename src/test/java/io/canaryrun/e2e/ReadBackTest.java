package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What the program writes through its libraries arrives, and what it reads through them is what is
 * there: a native executable in which a class is not registered loses fields and says nothing.
 */
@Tag("e2e")
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
class ReadBackTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stack stack;

  ReadBackTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void sessionIsAsItWasAskedFor() throws JsonProcessingException {
    // Given
    var run = new Run(stack, "session").observed();

    // When
    var owner = run.status().path("owner");
    var session = consul("/v1/session/info/" + owner.path("session").asText());

    // Then
    assertEquals("canary " + owner.path("instance").asText(), session.path("Name").asText());
    assertEquals("10000ms", session.path("TTL").asText());
    assertEquals(1_000_000_000, session.path("LockDelay").asLong());
    assertEquals("release", session.path("Behavior").asText());
  }

  @Test
  void canaryJobIsAsItWasRegisteredAndItsAllocationsAreFound() {
    // Given
    var run = new Run(stack, "registered").observed();

    // When
    var job = stack.nomad.job(run.canary());

    // Then
    var shown = run.status();
    assertEquals("registered", job.at("/Meta/canary_run").asText());
    assertEquals(2, job.at("/TaskGroups/0/Count").asInt());
    assertEquals("2", run.version(run.canary()));
    assertEquals(job.path("JobModifyIndex"), shown.at("/nomad/canaryJobModifyIndex"));
    assertEquals(2, shown.path("canaries").size());
    for (var canary : shown.path("canaries")) {
      var id = canary.path("allocId").asText();
      var allocation = stack.nomad.send("GET", "/v1/allocation/" + id, null);
      assertEquals(address(allocation), canary.path("address").asText());
      assertEquals(allocation.path("ClientStatus"), canary.path("state"));
    }
  }

  /** Nomad tells it in a field that nomad-sdk does not know. */
  private static String address(JsonNode allocation) {
    var port = allocation.at("/AllocatedResources/Shared/Ports/0");
    return port.path("HostIP").asText() + ":" + port.path("Value").asInt();
  }

  private JsonNode consul(String path) throws JsonProcessingException {
    return JSON.readTree(stack.consul.send("GET", path, "").body()).path(0);
  }
}
