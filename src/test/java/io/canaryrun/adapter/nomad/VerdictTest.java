package io.canaryrun.adapter.nomad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.port.PortFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
  private static final Access NOMAD = NomadSettings.of(new Environment(Map.of()));

  @ParameterizedTest
  @CsvSource({
    "400, Job ID does not match",
    "404, job not found",
    "500, 1 error occurred: * Task group web validation failed",
    "500, job is in nonexistent namespace \"other\"",
    "500, can't promote terminal deployment",
    "500, Missing task driver"
  })
  void sentencesThatRefuseTheRequest(int status, String body) {
    var verdict = Verdict.of("register job api", status, body, NOMAD);

    assertInstanceOf(PortFailure.Rejected.class, verdict);
    assertEquals(
        "register job api: Nomad at http://127.0.0.1:4646 refuses it: " + body,
        verdict.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "408, Request Timeout",
    "429, Too many requests",
    "500, No cluster leader",
    "500, rpc error: No path to region",
    "500, raft: leadership lost while committing log",
    "500, rpc error: cannot reach a server: i/o timeout",
    "500, something nobody has seen before",
    "502, Bad Gateway",
    "503, invalid upstream"
  })
  void sentencesThatSayNothingAboutTheRequest(int status, String body) {
    var verdict = Verdict.of("register job api", status, body, NOMAD);

    assertInstanceOf(PortFailure.Unavailable.class, verdict);
    assertTrue(verdict.getMessage().contains(body), verdict.getMessage());
  }

  @Test
  void refusalOfTheTokenNamesWhereItComesFromAndWhoRefusesIt() {
    var verdict = Verdict.of("register job api", 403, "Permission denied", NOMAD);

    assertInstanceOf(PortFailure.Denied.class, verdict);
    assertEquals(
        "register job api: the token (NOMAD_TOKEN, for Nomad at http://127.0.0.1:4646)"
            + " has no permission: Permission denied",
        verdict.getMessage());
  }

  /** A run must not end because Nomad has not renewed our identity yet. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Server error authenticating request",
        "ACL token expired",
        "rpc error: ACL token expired",
        "invalid claims: go-jose/go-jose/jwt: validation failed, token is expired (exp)",
        "invalid signature: go-jose/go-jose: error in cryptographic primitive",
        "failed to parse signed token: go-jose/go-jose: compact JWS format must have three parts"
      })
  void tokenThatIsNotGoodAnyMoreRefusesNoRequest(String body) {
    for (int status : List.of(403, 500)) {
      var verdict = Verdict.of("register job api", status, body, NOMAD);

      assertInstanceOf(PortFailure.Unavailable.class, verdict);
      assertTrue(verdict.getMessage().contains("token (NOMAD_TOKEN,"), verdict.getMessage());
    }
  }

  @Test
  void requestThatTakesNoWorkloadIdentityIsNamed() {
    var body = "acl token lookup failed: index error: UUID must be 36 characters";
    var verdict = Verdict.of("plan job api", 500, body, NOMAD);

    assertInstanceOf(PortFailure.Rejected.class, verdict);
    assertEquals(
        "plan job api: Nomad at http://127.0.0.1:4646 takes no workload identity for that in its"
            + " version (1.11.3 is such a one): the operator needs an ACL token, or none at all"
            + " where Nomad has no ACLs",
        verdict.getMessage());
  }

  @Test
  void conflictIsNeither() {
    assertTrue(Verdict.isConflict(500, "Enforcing job modify index 7: job exists"));
  }

  @Test
  void sentenceIsOneShortLine() {
    var message =
        Verdict.of("plan", 400, "first\n  second " + "x".repeat(5_000), NOMAD).getMessage();

    assertTrue(message.contains(": first second xxx"), message);
    assertTrue(message.length() < 2_100, "" + message.length());
  }
}
