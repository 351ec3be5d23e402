package io.canaryrun.port;

import java.util.List;
import java.util.Optional;

/** The services registered in Consul. */
public interface ServiceCatalog {

  /**
   * Instances of services that Nomad registered, consistently read.
   *
   * @throws PortFailure.Rejected the token may not read one of them: an empty answer would prove
   *     nothing
   */
  List<Instance> instances(List<String> services);

  /**
   * One registered instance.
   *
   * @param allocId of the Nomad allocation that it belongs to
   * @param failing the first check that does not pass, with its output; empty: all pass
   */
  record Instance(String service, String allocId, Optional<String> failing) {}
}
