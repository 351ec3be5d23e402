package io.canaryrun.cli;

/** The environment variables, for the help; a test compares them with those that are read. */
final class EnvironmentHelp {
  static final String TEXT =
      """
      Environment of all commands, as the clients of Nomad and Consul have it; the
      namespace and the region are those of a definition, spec.nomad:
        NOMAD_ADDR              http://127.0.0.1:4646 unless set; https:// and unix:// as well
        NOMAD_TOKEN             or the file that NOMAD_TOKEN_FILE names
        NOMAD_HTTP_AUTH         user:password, for a proxy in front of it
        NOMAD_CACERT, NOMAD_CAPATH, NOMAD_CLIENT_CERT, NOMAD_CLIENT_KEY,
        NOMAD_TLS_SERVER_NAME, NOMAD_SKIP_VERIFY
        CONSUL_HTTP_ADDR        127.0.0.1:8500 unless set; https:// and unix:// as well
        CONSUL_HTTP_TOKEN       or the file that CONSUL_HTTP_TOKEN_FILE names
        CONSUL_HTTP_AUTH        user:password, for a proxy in front of it
        CONSUL_HTTP_SSL, CONSUL_HTTP_SSL_VERIFY, CONSUL_CACERT, CONSUL_CAPATH,
        CONSUL_CLIENT_CERT, CONSUL_CLIENT_KEY, CONSUL_TLS_SERVER_NAME
        CANARY_KV_PREFIX        where in Consul KV everything lies, canary/ unless set

      Environment of agent, run, plan and doctor:
        CANARY_ALLOW_NAMESPACES, CANARY_ALLOW_JOBS, CANARY_ALLOW_DRIVERS,
        CANARY_ALLOW_CONSUL_KEYS
                                what definitions may ask for
        CANARY_SESSION_TTL, CANARY_SESSION_LOCK_DELAY
                                how soon another operator takes a run over
        CANARY_HISTORY_KEEP, CANARY_HISTORY_KEEP_DELETED
                                what is kept of ended runs
        CANARY_STATUS_WRITES_PER_SECOND
                                how often progress is written

      Environment of agent:
        CANARY_AGENT_INSTANCE, CANARY_AGENT_NODE
                                its name and its node, for people
        CANARY_AGENT_MAX_RUNS   runs that it holds at a time
        QUARKUS_HTTP_HOST, QUARKUS_HTTP_PORT
                                127.0.0.1 and 8484 unless set""";

  private EnvironmentHelp() {}
}
