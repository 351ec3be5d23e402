package io.canaryrun.adapter.consul;

import com.ecwid.consul.v1.agent.model.Self;
import com.ecwid.consul.v1.health.model.HealthService;
import com.ecwid.consul.v1.kv.model.GetValue;
import com.ecwid.consul.v1.session.model.NewSession;
import com.ecwid.consul.v1.session.model.Session;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What Gson reads and writes in our calls of consul-api, each with all that it consists of, kept in
 * the native executable. Gson writes what is missing here as <code>{}</code>, and says nothing.
 */
@RegisterForReflection(
    registerFullHierarchy = true,
    targets = {
      GetValue.class,
      HealthService.class,
      NewSession.class,
      Self.class,
      Session.class,
    })
final class ConsulModels {
  private ConsulModels() {}
}
