package io.canaryrun.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.agents.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Nomad and Consul that deny what no policy allows. Everybody has the policies of {@code
 * deploy/nomad/acl} and nothing else, and the operator is the system job of {@code deploy/nomad}:
 * its tokens are those of its workload identity, and it reaches Nomad over the task's own socket.
 *
 * @param pipeline a Consul token
 * @param people a Consul token
 * @param port of the operator
 */
record Locked(Stack stack, String pipeline, String people, int port) implements AutoCloseable {
  /** Before the @ in the operator's addresses; neither agent looks at it. */
  static final String LOGIN = "planted-user:planted-password";

  private static final Path DEPLOY = Path.of("deploy/nomad");

  /** One for all tests of these doors. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Locked.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Locked.class))
          .computeIfAbsent(Locked.class, _ -> Locked.start(), Locked.class);
    }
  }

  private static Locked start() {
    var stack = Stack.locked();
    var operator = rules("nomad-operator");
    stack.nomad.policy("canary-operator", operator, "canary");
    stack.nomad.policy("canary-run", operator, "");
    stack.nomad.policy("canary-pipeline", rules("nomad-pipeline"), "");
    stack.consul.trustIdentitiesOf(stack.nomad.address(), rules("consul-operator"));
    var locked =
        new Locked(
            stack,
            stack.consul.token("canary-pipeline", rules("consul-pipeline")),
            stack.consul.token("canary-people", rules("consul-people")),
            LoopbackPorts.free());
    locked.startOperator("identity");
    return locked;
  }

  /** A policy that is shipped. */
  static String rules(String name) {
    return text(DEPLOY.resolve("acl").resolve(name + ".hcl"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a person types, but for the paths of this machine; and it tells all that it can. */
  private void startOperator(String nomadToken) {
    stack.nomad.run(
        text(DEPLOY.resolve("canary.nomad.hcl")),
        """
        program          = ["%s"]
        port             = %d
        consul_http_addr = "%s"
        consul_token     = "identity"
        nomad_token      = "%s"
        drivers          = "raw_exec"
        environment      = {
          QUARKUS_LOG_LEVEL                         = "DEBUG"
          QUARKUS_LOG_CATEGORY__IO_CANARYRUN__LEVEL = "DEBUG"
        }
        """
            .formatted(
                String.join("\", \"", CanaryProgram.command()),
                port,
                withLogin(stack.consul.address().toString()),
                nomadToken));
    await("the operator runs")
        .atMost(Duration.ofSeconds(60))
        .until(() -> stack.nomad.deployment("canary").path("Status").asText().equals("successful"));
    Http.await("http://127.0.0.1:" + port + "/q/health/ready", "\"UP\"");
  }

  static String withLogin(String address) {
    return address.replace("://", "://" + LOGIN + "@");
  }

  /** In the place of its identity, for which Nomad 1.11.3 plans nothing. */
  void giveOperatorAToken() {
    var items = new ObjectMapper().createObjectNode();
    items.put("nomad_token", stack.nomad.token("canary-run").path("SecretID").asText());
    stack.nomad.variable("nomad/jobs/canary", items);
    startOperator("variable");
  }

  /** What the operators of this test wrote, those that have ended included. */
  String operatorLog() {
    return String.join("\n", inTaskFiles("agent.stderr."));
  }

  /** What each file contains that has this in its name, below the directories of tasks. */
  List<String> inTaskFiles(String name) {
    try (var files = Files.walk(stack.directory.resolve("nomad/data/alloc"))) {
      return files
          .filter(it -> it.getFileName().toString().contains(name))
          .filter(Files::isRegularFile)
          .map(it -> text(it).strip())
          .filter(it -> !it.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A command of somebody.
   *
   * @param token for Consul; empty: none
   */
  CanaryProcess canary(String token, String... arguments) {
    return canary(Map.of("CONSUL_HTTP_TOKEN", token), arguments);
  }

  /**
   * A command.
   *
   * @param variables beside those that everybody has
   */
  CanaryProcess canary(Map<String, String> variables, String... arguments) {
    var environment = new HashMap<>(stack.environment());
    environment.putAll(variables);
    try {
      var output = Files.createTempFile(stack.directory, "canary-" + arguments[0], ".log");
      return CanaryProcess.start(output, environment, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
