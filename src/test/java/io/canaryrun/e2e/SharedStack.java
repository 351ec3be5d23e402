package io.canaryrun.e2e;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One stack with one daemon for all tests that do not break it. */
final class SharedStack implements ParameterResolver {

  /** Closed by JUnit after the last test. */
  private record Shared(Stack stack, CanaryProcess agent) implements AutoCloseable {
    static Shared start() {
      var stack = Stack.dev();
      return new Shared(
          stack, CanaryProcess.agent(stack.directory.resolve("agent.log"), stack.environment()));
    }

    @Override
    public void close() {
      agent.close();
      stack.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stack.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedStack.class))
        .computeIfAbsent(Shared.class, _ -> Shared.start(), Shared.class)
        .stack();
  }
}
