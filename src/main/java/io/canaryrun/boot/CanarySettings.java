package io.canaryrun.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * The settings of this program, as they were typed: {@link SettingsReader} says what is wrong with
 * them, and takes the default where one is blank. How Consul and Nomad are reached is in their own
 * variables.
 */
@ConfigMapping(prefix = "canary")
public interface CanarySettings {
  String KV_PREFIX = "canary/";

  /** Where in Consul KV everything lies; ends with a slash. */
  @WithDefault(KV_PREFIX)
  Optional<String> kvPrefix();

  Agent agent();

  Session session();

  History history();

  Status status();

  Allow allow();

  /** Of the daemon. */
  interface Agent {
    String MAX_RUNS = "200";

    /** The name that people see; default: host name and process ID. */
    Optional<String> instance();

    /** The Nomad node that it runs on, for people. */
    Optional<String> node();

    /** Runs that one daemon holds at the same time. */
    @WithDefault(MAX_RUNS)
    Optional<String> maxRuns();
  }

  /** Of the Consul session that holds the runs. */
  interface Session {
    String TTL = "10s";
    String LOCK_DELAY = "1s";

    /** At least 10 s, Consul's smallest; at most a day. */
    @WithDefault(TTL)
    Optional<String> ttl();

    /** How long a lock that was lost with its session cannot be taken; at most a minute. */
    @WithDefault(LOCK_DELAY)
    Optional<String> lockDelay();
  }

  /** Of ended generations. */
  interface History {
    String KEEP = "20";
    String KEEP_DELETED = "720h";

    /** How many are kept per run. */
    @WithDefault(KEEP)
    Optional<String> keep();

    /**
     * How long all keys of an ended run are kept once its definition was deleted; 1 s to 10 years.
     */
    @WithDefault(KEEP_DELETED)
    Optional<String> keepDeleted();
  }

  /** Of the status in Consul KV. */
  interface Status {
    String WRITES_PER_SECOND = "50";

    /** Writes of progress per second and process; phases and errors do not wait. */
    @WithDefault(WRITES_PER_SECOND)
    Optional<String> writesPerSecond();
  }

  /** What definitions may ask for: writing a definition is deploying. */
  interface Allow {
    String NAMESPACES = "default";
    String JOBS = "*";
    String DRIVERS = "docker,podman,exec,exec2,java";
    String CONSUL_KEYS = "canary/jobs/*";

    /** Nomad namespaces. */
    @WithDefault(NAMESPACES)
    Optional<List<String>> namespaces();

    /** Nomad job IDs; {@code *} stands for any text. */
    @WithDefault(JOBS)
    Optional<List<String>> jobs();

    /** Nomad task drivers. */
    @WithDefault(DRIVERS)
    Optional<List<String>> drivers();

    /** Consul keys that a definition may name; {@code *} stands for any text. */
    @WithDefault(CONSUL_KEYS)
    Optional<List<String>> consulKeys();
  }
}
