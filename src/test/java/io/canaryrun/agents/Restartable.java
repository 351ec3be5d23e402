package io.canaryrun.agents;

import java.net.URI;

/** An agent of Consul or Nomad that keeps its data when it dies. */
public interface Restartable {
  /** Of its HTTP API; the same after a restart. */
  URI address();

  /** kill -9. */
  void kill();

  /** Starts it again, and waits until it works. */
  void start();
}
