package io.canaryrun.adapter.consul;

import com.ecwid.consul.v1.OperationException;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.session.model.NewSession;
import com.ecwid.consul.v1.session.model.Session;
import io.canaryrun.port.Leases;
import io.canaryrun.port.Server;
import java.time.Duration;
import java.util.Objects;

/** Sessions of Consul. */
public final class ConsulLeases implements Leases {

  private final ConsulConnection consul;

  public ConsulLeases(ConsulConnection consul) {
    this.consul = consul;
  }

  @Override
  public String open(String instance, Duration ttl, Duration lockDelay) {
    var session = new NewSession();
    session.setName("canary " + instance);
    session.setTtl(ttl.toMillis() + "ms");
    session.setLockDelay(lockDelay.toNanos());
    session.setBehavior(Session.Behavior.RELEASE);
    return consul.ask(
        "open a session",
        client ->
            Objects.requireNonNull(
                client.sessionCreate(session, QueryParams.DEFAULT).getValue(), "no session ID"));
  }

  @Override
  public boolean renew(String session) {
    return consul.ask(
        "renew session " + session,
        client -> {
          try {
            client.renewSession(session, QueryParams.DEFAULT);
            return true;
          } catch (OperationException e) {
            if (e.getStatusCode() == 404) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public void destroy(String session) {
    consul.ask(
        "destroy session " + session,
        client -> client.sessionDestroy(session, QueryParams.DEFAULT).getValue());
  }

  @Override
  public boolean isOpen(String session) {
    return consul.query(
            "read session " + session,
            client -> client.getSessionInfo(session, ConsulConnection.CONSISTENT))
        != null;
  }

  @Override
  public String datacenter() {
    return consul.ask(
        "read Consul's datacenter, with agent:read",
        client -> client.getAgentSelf().getValue().getConfig().getDatacenter());
  }

  @Override
  public Server server() {
    return consul.server();
  }
}
