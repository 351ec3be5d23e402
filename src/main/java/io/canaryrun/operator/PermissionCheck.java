package io.canaryrun.operator;

import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.PortFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Tries out what the operator does, in a way that changes nothing. */
final class PermissionCheck {
  /** Of a job, a service and a session that exist for no longer than a question. */
  private static final String PROBE = "canary-doctor";

  /** Over which nothing is ever registered. */
  private static final long IMPOSSIBLE_INDEX = Long.MAX_VALUE;

  private final Ports ports;
  private final OperatorSettings settings;
  private final Consumer<Finding> report;

  PermissionCheck(Ports ports, OperatorSettings settings, Consumer<Finding> report) {
    this.ports = ports;
    this.settings = settings;
    this.report = report;
  }

  /**
   * @return whether the keys of runs may be read
   */
  boolean consul() {
    var prefix = settings.kvPrefix();
    var readable =
        tryOut(
            "Consul: read keys",
            "below " + prefix,
            rule("key_prefix \"%s\"".formatted(prefix), "list"),
            ports.store()::tryReading);
    tryOut(
        "Consul: write keys",
        "below " + prefix,
        rule("key_prefix \"%sstatus/\"".formatted(prefix), "write")
            + ", and the same for generations/, history/ and commands/",
        ports.store()::tryWriting);
    tryDefining();
    tryOut(
        "Consul: sessions",
        "opened and destroyed one",
        rule("session_prefix \"\"", "write"),
        this::trySession);
    tryOut(
        "Consul: services and nodes",
        "may be read",
        rule("service_prefix \"\"", "read") + " and " + rule("node_prefix \"\"", "read"),
        () -> {
          var _ = ports.services().instances(List.of(PROBE));
        });
    tryOut(
        "Consul: agent",
        "may be read",
        rule("agent_prefix \"\"", "read"),
        () -> {
          var _ = ports.leases().datacenter();
        });
    return readable;
  }

  private static String rule(String what, String policy) {
    return "%s { policy = \"%s\" }".formatted(what, policy);
  }

  /** An agent does not need it. */
  private void tryDefining() {
    var check = "Consul: write definitions";
    var where = "below %sruns/".formatted(settings.kvPrefix());
    try {
      ports.store().tryDefining();
      report.accept(Finding.ok(check, where));
    } catch (PortFailure failure) {
      report.accept(
          Finding.warning(
              check,
              failure.getMessage(),
              "an operator works without it; apply, run and delete need "
                  + rule("key_prefix \"%sruns/\"".formatted(settings.kvPrefix()), "write")));
    }
  }

  private void trySession() {
    var session = ports.leases().open(PROBE, settings.sessionTtl(), Duration.ZERO);
    ports.leases().destroy(session);
  }

  /** In each namespace that definitions may use, as far as it is named. */
  void nomad() {
    var namespaces =
        settings.allow().namespaces().stream().filter(name -> !name.contains("*")).toList();
    (namespaces.isEmpty() ? List.of("default") : namespaces).forEach(this::nomad);
  }

  private void nomad(String namespace) {
    var target = new Target(namespace, Optional.empty());
    var cluster = ports.cluster();
    tryOut(
        target,
        "list-jobs",
        () -> {
          var _ = cluster.stampedJobs(List.of(namespace), Optional.empty());
        });
    tryOut(
        target,
        "read-job",
        () -> {
          var _ = cluster.job(target, PROBE);
        });
    tryOut(
        target,
        "parse-job",
        () -> {
          var _ = cluster.parse(target, "job \"%s\" {}".formatted(PROBE), Map.of());
        });
    tryOut(
        target,
        "plan-job",
        () -> {
          var _ = cluster.plan(target, job(namespace));
        });
    tryOut(
        target,
        "register-job",
        () -> {
          // Nomad looks at the permission before it looks at the index, which it then refuses.
          var _ = cluster.register(target, job(namespace), IMPOSSIBLE_INDEX, false);
        });
  }

  private static JobDocument job(String namespace) {
    return new JobDocument(
        PROBE,
        """
        {"ID":"%s","Name":"%s","Namespace":"%s","Type":"service","Datacenters":["*"],
         "TaskGroups":[{"Name":"none","Count":0,
           "Tasks":[{"Name":"none","Driver":"docker","Config":{"image":"none"}}]}]}
        """
            .formatted(PROBE, PROBE, namespace));
  }

  private void tryOut(Target target, String capability, Runnable trial) {
    tryOut(
        "Nomad: " + capability,
        "in namespace " + target.namespace(),
        "namespace \"%s\" { capabilities = [\"%s\"] }".formatted(target.namespace(), capability),
        trial);
  }

  /**
   * @return whether it is allowed
   */
  private boolean tryOut(String check, String allowed, String rule, Runnable trial) {
    try {
      trial.run();
      report.accept(Finding.ok(check, allowed));
      return true;
    } catch (PortFailure failure) {
      report.accept(
          Finding.problem(
              check,
              failure.getMessage(),
              "the token's policy needs %s, as in deploy/nomad/acl".formatted(rule)));
      return false;
    }
  }
}
