package io.canaryrun.adapter.http;

import java.io.IOException;
import java.util.Optional;

/**
 * How we get in at an agent.
 *
 * @param name of the agent, for messages
 * @param addressVariable what sets the address, for messages
 * @param tokenHeader the header that the token goes into; never the address
 */
public record Access(
    String name,
    String addressVariable,
    AgentAddress address,
    String tokenHeader,
    Token token,
    TlsSettings tls) {

  /** Why there was no answer, and what to do. */
  public String inWords(Throwable cause) {
    return "%s at %s (%s) did not answer: %s"
        .formatted(
            name,
            address,
            addressVariable,
            Optional.of(cause)
                .filter(_ -> address.isTls())
                .flatMap(it -> TlsProblem.of(it, tls))
                .orElseGet(() -> Causes.inWords(cause)));
  }

  /** Where the token comes from and whom it is for. */
  public String tokenInWords() {
    return token.source() + ", for " + this;
  }

  /** An agent that wants TLS says so with a status of its own, which is about no request. */
  public Optional<IOException> wrongScheme(int status, String body) {
    return status == 400 && body != null && body.contains("HTTP request to an HTTPS server")
        ? Optional.of(new IOException("it speaks TLS there: the address must begin with https://"))
        : Optional.empty();
  }

  /** Without the token. */
  @Override
  public String toString() {
    return name + " at " + address;
  }
}
