package io.canaryrun.operator;

import io.canaryrun.port.Cluster;
import io.canaryrun.port.CounterSource;
import io.canaryrun.port.Leases;
import io.canaryrun.port.Notifier;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.ServiceCatalog;

/** Everything outside that the operator works with. */
public record Ports(
    RunStore store,
    Leases leases,
    Cluster cluster,
    ServiceCatalog services,
    CounterSource counters,
    Notifier notifier,
    Scheduler scheduler) {}
