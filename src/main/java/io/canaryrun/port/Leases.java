package io.canaryrun.port;

import java.time.Duration;

/** The session by which a process holds its runs: whoever dies, loses them after its TTL. */
public interface Leases {

  /**
   * Opens a session; its locks are released, not deleted, when it ends.
   *
   * @param ttl at least 10 s; Consul may take up to twice as long
   * @param lockDelay how long a lock cannot be taken after it was lost
   * @return the session's ID
   */
  String open(String instance, Duration ttl, Duration lockDelay);

  /**
   * @return false: the session is gone for good
   */
  boolean renew(String session);

  void destroy(String session);

  /** Whether a session, whoever opened it, is still there; one that may not be read is not. */
  boolean isOpen(String session);

  /** Which Consul datacenter this is: with the KV prefix, it names this installation. */
  String datacenter();

  /** The Consul agent that is asked. */
  Server server();
}
