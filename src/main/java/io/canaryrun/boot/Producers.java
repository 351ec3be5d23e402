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
import io.canaryrun.operator.AllowList;
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
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where adapters meet ports; each is made when it is first used. */
@Singleton
public final class Producers {
  private static final Duration SHORTEST_SESSION = Duration.ofSeconds(10);
  private static final Duration LONGEST_SESSION = Duration.ofDays(1);

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
    return new ConsulRunStore(consul, prefix());
  }

  private String prefix() {
    var prefix = settings.kvPrefix();
    if (!prefix.matches("([A-Za-z0-9._-]+/)+")) {
      throw new IllegalArgumentException(
          "canary.kv-prefix is '%s'; it must be like canary/ or teams/a/canary/".formatted(prefix));
    }
    return prefix;
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
      Ports ports,
      OperatorSettings operator,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    var self =
        new Member(operator.instance(), version, ports.scheduler().now(), settings.agent().node());
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
    var allow = settings.allow();
    return new OperatorSettings(
        instance(),
        prefix(),
        sessionTtl(),
        settings.session().lockDelay(),
        positive("canary.agent.max-runs", settings.agent().maxRuns()),
        positive("canary.history.keep", settings.history().keep()),
        keepDeleted(),
        positive("canary.status.writes-per-second", settings.status().writesPerSecond()),
        new AllowList(allow.namespaces(), allow.jobs(), allow.drivers(), allow.consulKeys()));
  }

  private Duration sessionTtl() {
    var ttl = settings.session().ttl();
    if (ttl.compareTo(SHORTEST_SESSION) < 0 || ttl.compareTo(LONGEST_SESSION) > 0) {
      throw new IllegalArgumentException(
          "canary.session.ttl is %s; it must be 10s to 24h".formatted(ttl));
    }
    return ttl;
  }

  private Duration keepDeleted() {
    var length = settings.history().keepDeleted();
    if (!length.isPositive()) {
      throw new IllegalArgumentException(
          "canary.history.keep-deleted is %s; it must be more than zero".formatted(length));
    }
    return length;
  }

  private static int positive(String setting, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s is %d; it must be 1 or more".formatted(setting, value));
    }
    return value;
  }

  /** The last part of a key, too. */
  private String instance() {
    var instance = settings.agent().instance().orElseGet(Producers::hostAndProcess);
    if (!instance.matches("[A-Za-z0-9._:@-]{1,128}")) {
      throw new IllegalArgumentException(
          "canary.agent.instance is '%s'; it must be 1 to 128 letters, digits and ._:@-"
              .formatted(instance));
    }
    return instance;
  }

  /** Told apart by people. */
  private static String hostAndProcess() {
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + ProcessHandle.current().pid();
    } catch (UnknownHostException e) {
      return "unknown-" + ProcessHandle.current().pid();
    }
  }
}
