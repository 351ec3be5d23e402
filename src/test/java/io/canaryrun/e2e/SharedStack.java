package io.canaryrun.e2e;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One stack with one daemon for all tests that do not break it. */
final class SharedStack implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedStack.class);

  /** Closed by JUnit after the last test. */
  private record Shared(Stack stack, CanaryProcess agent) implements AutoCloseable {
    static Shared start() {
      var stack = Stack.dev();
      return new Shared(
          stack, CanaryProcess.agent(stack.directory.resolve("agent.log"), stack.environment()));
    }

    @Override
    public void close() {
      Closing.all(List.of(agent, stack));
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stack.class;
  }

  /** Each test is given a stack of its own name, whose runs are stopped when it is over. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var own =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Shared.class, _ -> Shared.start(), Shared.class)
            .stack()
            .forOneTest();
    AutoCloseable end = own::stopRuns;
    context.getStore(NAMESPACE).put(Stack.class, end);
    return own;
  }
}
