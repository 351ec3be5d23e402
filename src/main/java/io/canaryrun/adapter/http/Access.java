package io.canaryrun.adapter.http;

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
            TlsProblem.of(cause, tls).orElseGet(() -> Causes.inWords(cause)));
  }

  /** An agent that wants TLS says so with a status of its own, which is about no request. */
  public boolean isWrongScheme(int status, String body) {
    return status == 400 && body != null && body.contains("HTTP request to an HTTPS server");
  }

  /** What to do about it. */
  public String wrongScheme() {
    return "%s at %s speaks TLS: %s must begin with https://"
        .formatted(name, address, addressVariable);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return name + " at " + address;
  }
}
