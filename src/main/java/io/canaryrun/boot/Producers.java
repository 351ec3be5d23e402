package io.canaryrun.boot;

import io.canaryrun.adapter.consul.ConsulConnection;
import io.canaryrun.adapter.consul.ConsulLeases;
import io.canaryrun.adapter.consul.ConsulRunStore;
import io.canaryrun.adapter.consul.ConsulServiceCatalog;
import io.canaryrun.adapter.consul.ConsulSettings;
import io.canaryrun.adapter.counters.VertxCounterSource;
import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.Environment;
import io.canaryrun.adapter.metrics.TransitionCounter;
import io.canaryrun.adapter.nomad.NomadCluster;
import io.canaryrun.adapter.nomad.NomadSettings;
import io.canaryrun.core.observation.Member;
import io.canaryrun.operator.Operator;
import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import io.canaryrun.operator.Watchdog;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.CounterSource;
import io.canaryrun.port.Leases;
import io.canaryrun.port.Notifier;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.ServiceCatalog;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where adapters meet ports; each is made when it is first used. */
@Singleton
public final class Producers {
  private final CanarySettings settings;
  private final Vertx vertx;
  private final Environment environment = new Environment(System.getenv());

  Producers(CanarySettings settings, Vertx vertx) {
    this.settings = settings;
    this.vertx = vertx;
  }

  @Produces
  @Singleton
  Scheduler scheduler() {
    return new SystemScheduler();
  }

  @Produces
  @Singleton
  ConsulConnection consul() {
    var consul = ConsulSettings.of(environment);
    return new ConsulConnection(consul, tls(consul));
  }

  private Optional<SSLContext> tls(Access access) {
    return access.address().isTls() ? Optional.of(access.tls().context(vertx)) : Optional.empty();
  }

  void close(@Disposes ConsulConnection consul) throws IOException {
    consul.close();
  }

  @Produces
  @Singleton
  RunStore store(ConsulConnection consul) {
    return new ConsulRunStore(consul, SettingsReader.kvPrefix(settings));
  }

  @Produces
  @Singleton
  Leases leases(ConsulConnection consul) {
    return new ConsulLeases(consul);
  }

  @Produces
  @Singleton
  ServiceCatalog services(ConsulConnection consul) {
    return new ConsulServiceCatalog(consul);
  }

  @Produces
  @Singleton
  Cluster cluster(Scheduler scheduler) {
    var nomad = NomadSettings.of(environment);
    return new NomadCluster(nomad, tls(nomad), scheduler);
  }

  @Produces
  @Singleton
  CounterSource counters(Scheduler scheduler) {
    return new VertxCounterSource(vertx, scheduler);
  }

  @Produces
  @Singleton
  Notifier notifier(MeterRegistry registry) {
    return new TransitionCounter(registry);
  }

  @Produces
  @Singleton
  Ports ports(
      RunStore store,
      Leases leases,
      Cluster cluster,
      ServiceCatalog services,
      CounterSource counters,
      Notifier notifier,
      Scheduler scheduler) {
    return new Ports(store, leases, cluster, services, counters, notifier, scheduler);
  }

  @Produces
  @Singleton
  Operator operator(
      OperatorSettings operator, // Before what reads one of them, so that all wrong ones are told.
      Ports ports,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    var self =
        new Member(
            operator.instance(), version, ports.scheduler().now(), SettingsReader.node(settings));
    return new Operator(ports, operator, self);
  }

  @Produces
  @Singleton
  Watchdog watchdog(Operator operator, Scheduler scheduler) {
    return new Watchdog(operator.vitals(), scheduler);
  }

  @Produces
  @Singleton
  OperatorSettings operatorSettings() {
    return SettingsReader.operator(settings);
  }
}
