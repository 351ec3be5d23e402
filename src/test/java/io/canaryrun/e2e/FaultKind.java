package io.canaryrun.e2e;

import java.util.Arrays;
import java.util.List;

/** What may happen to a daemon, and to the way between it and its agents. */
enum FaultKind {
  TERM(Side.DAEMON, "SIGTERM, started again"),
  KILL(Side.DAEMON, "`kill -9`, started again"),
  STOP(Side.DAEMON, "SIGSTOP past 2 × TTL, then SIGCONT"),
  CUT_OFF(Side.DAEMON, "cut off from Consul past 2 × TTL"),
  CONSUL_SERVER(Side.CONSUL, "Consul's server killed and started again"),
  CONSUL_CLIENT(Side.CONSUL, "a Consul client killed and started again"),
  CONSUL_LATENCY(Side.CONSUL, "latency between daemon and Consul"),
  CONSUL_CUT(Side.CONSUL, "connection to Consul cut"),
  CONSUL_HALF_OPEN(Side.CONSUL, "half-open connections to Consul"),
  CONSUL_SLOW(Side.CONSUL, "slow connections to Consul"),
  NOMAD_SERVER(Side.NOMAD, "Nomad's server killed and started again"),
  NOMAD_CLIENT(Side.NOMAD, "a Nomad client killed and started again"),
  NOMAD_LATENCY(Side.NOMAD, "latency between daemon and Nomad"),
  NOMAD_CUT(Side.NOMAD, "connection to Nomad cut"),
  NOMAD_HALF_OPEN(Side.NOMAD, "half-open connections to Nomad"),
  NOMAD_SLOW(Side.NOMAD, "slow connections to Nomad");

  /** What fails. */
  enum Side {
    DAEMON,
    CONSUL,
    NOMAD
  }

  private final Side side;
  private final String text;

  FaultKind(Side side, String text) {
    this.side = side;
    this.text = text;
  }

  static List<FaultKind> of(Side side) {
    return Arrays.stream(values()).filter(kind -> kind.side == side).toList();
  }

  Side side() {
    return side;
  }

  /** For people. */
  String text() {
    return text;
  }
}
