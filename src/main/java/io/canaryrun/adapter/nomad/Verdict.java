package io.canaryrun.adapter.nomad;

import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.Causes;
import io.canaryrun.port.PortFailure;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What an answer of Nomad that is no success says about the request. */
final class Verdict {
  /** How Nomad says that it could not look at the request at all; whatever the status. */
  private static final List<String> NO_ANSWER =
      List.of(
          "no cluster leader",
          "no path to region",
          "not ready to serve consistent reads",
          "leadership lost",
          "i/o timeout",
          "timed out",
          "deadline exceeded",
          "connection refused",
          "connection reset",
          "broken pipe",
          "session shutdown",
          "shutting down",
          "eof",
          "raft");

  /** How Nomad says with status 500 that it looked and refuses. */
  private static final List<String> REFUSALS =
      List.of(
          "error occurred",
          "errors occurred",
          "nonexistent namespace",
          "validation",
          "invalid",
          "missing",
          "permission denied",
          "not allowed",
          "not permitted",
          "denied",
          "can't",
          "cannot",
          "must ");

  /** How Nomad says that a token is not good, or not any more; the next one may be. */
  private static final List<String> STALE_TOKEN =
      List.of(
          "server error authenticating request",
          "token expired",
          "token is expired",
          "token is invalid",
          "token not valid yet",
          "failed to parse signed token",
          "invalid signature",
          "invalid claims");

  /** Like "job not found". */
  private static final Pattern ABSENCE = Pattern.compile("([A-Za-z]+ )+not found");

  /** What a request says whose author did not think of tokens that are no UUIDs. */
  private static final String NO_IDENTITIES = "UUID must be 36 characters";

  private Verdict() {}

  static boolean isConflict(int status, String body) {
    return status == 500 && body.contains("Enforcing job modify index");
  }

  /** Any proxy answers 404, but not so. */
  static boolean isAbsence(int status, String body) {
    return status == 404 && ABSENCE.matcher(body.strip()).matches();
  }

  static PortFailure of(String request, int status, String body, Access access) {
    var sentence = Causes.line(body);
    if (isAboutToken(status, sentence.toLowerCase(Locale.ROOT))) {
      return new PortFailure.Unavailable(
          "%s: the token (%s) is not taken now: %s"
              .formatted(request, access.tokenInWords(), sentence),
          null);
    }
    if (status == 403 || status == 401) {
      return new PortFailure.Denied(
          "%s: the token (%s) has no permission: %s"
              .formatted(request, access.tokenInWords(), sentence));
    }
    if (sentence.contains(NO_IDENTITIES)) {
      return new PortFailure.Rejected(
          "%s: %s takes no workload identity for that in its version (1.11.3 is such a one):"
                  .formatted(request, access)
              + " the operator needs an ACL token, or none at all where Nomad has no ACLs");
    }
    if (isRefusal(status, sentence.toLowerCase(Locale.ROOT))) {
      return new PortFailure.Rejected("%s: %s refuses it: %s".formatted(request, access, sentence));
    }
    return new PortFailure.Unavailable(
        "%s: %s answered %d: %s".formatted(request, access, status, sentence), null);
  }

  private static boolean isAboutToken(int status, String sentence) {
    return (status == 401 || status == 403 || status >= 500)
        && STALE_TOKEN.stream().anyMatch(sentence::contains);
  }

  private static boolean isRefusal(int status, String sentence) {
    if ((status == 404 && !isAbsence(status, sentence))
        || status == 429
        || status == 408
        || status > 500) {
      return false;
    }
    if (status != 500) {
      return status >= 400;
    }
    return NO_ANSWER.stream().noneMatch(sentence::contains)
        && REFUSALS.stream().anyMatch(sentence::contains);
  }
}
