package io.canaryrun.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of this program; how Consul and Nomad are reached is in their own variables. */
@ConfigMapping(prefix = "canary")
public interface CanarySettings {

  /** Where in Consul KV everything lies; ends with a slash. */
  @WithDefault("canary/")
  String kvPrefix();

  Agent agent();

  Session session();

  History history();

  Status status();

  Allow allow();

  /** Of the daemon. */
  interface Agent {
    /** The name that people see; default: host name and process ID. */
    Optional<String> instance();

    /** The Nomad node that it runs on, for people. */
    Optional<String> node();

    /** Runs that one daemon holds at the same time. */
    @WithDefault("200")
    int maxRuns();
  }

  /** Of the Consul session that holds the runs. */
  interface Session {
    /** At least 10 s, Consul's smallest; at most a day. */
    @WithDefault("10s")
    Duration ttl();

    /** How long a lock that was lost with its session cannot be taken. */
    @WithDefault("1s")
    Duration lockDelay();
  }

  /** Of ended generations. */
  interface History {
    /** How many are kept per run. */
    @WithDefault("20")
    int keep();

    /** How long all keys of an ended run are kept once its definition was deleted. */
    @WithDefault("720h")
    Duration keepDeleted();
  }

  /** Of the status in Consul KV. */
  interface Status {
    /** Writes of progress per second and process; phases and errors do not wait. */
    @WithDefault("50")
    int writesPerSecond();
  }

  /** What definitions may ask for: writing a definition is deploying. */
  interface Allow {
    /** Nomad namespaces. */
    @WithDefault("default")
    List<String> namespaces();

    /** Nomad job IDs; {@code *} stands for any text. */
    @WithDefault("*")
    List<String> jobs();

    /** Nomad task drivers. */
    @WithDefault("docker,podman,exec,exec2,java")
    List<String> drivers();

    /** Consul keys that a definition may name; {@code *} stands for any text. */
    @WithDefault("canary/jobs/*")
    List<String> consulKeys();
  }
}
