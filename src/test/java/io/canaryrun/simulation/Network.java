package io.canaryrun.simulation;

import io.canaryrun.port.PortFailure;
import io.canaryrun.simulation.SimulatedTime.Machine;
import io.canaryrun.simulation.SimulatedTime.SimulatedThread;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything a machine calls outside goes through here: it takes time, and it is where faults
 * strike.
 */
final class Network {
  private static final Duration ONE_WAY = Duration.ofMillis(1);

  /** Sessions end, and Nomad's scheduler works, without anybody's doing. */
  private static final Duration POLL = Duration.ofMillis(500);

  private final SimulatedTime time;
  private final List<Call> calls = new ArrayList<>();
  private final Set<SimulatedThread> waiting = new LinkedHashSet<>();
  private Strike strike = (_, _, _) -> {};
  private Witness witness = (_, _, _) -> {};

  /** A call of a port, in the order in which they were made by all machines. */
  record Call(int number, String machine, String port) {
    private static final Set<String> EFFECTS =
        Set.of("register", "promote", "fail", "claim", "freeze", "write", "release");

    /** Whether it changes something. */
    boolean isEffect() {
      return EFFECTS.contains(port.substring(port.indexOf('.') + 1));
    }

    @Override
    public String toString() {
      return "call %d of %s to %s".formatted(number, machine, port);
    }
  }

  /** The two sides of a call. */
  enum Side {
    /** The request is not sent yet. */
    BEFORE,
    /** The effect has happened, the answer is not there yet. */
    AFTER
  }

  /** Something that happens to a machine, or to a call, on one side of it. */
  interface Strike {
    /**
     * @throws PortFailure there is no answer: before, the request is lost, after it, the answer
     */
    void strike(Call call, Side side, Machine machine);

    /** What arrives in the place of an answer. */
    default Object answer(Call call, Object answer) {
      return answer;
    }
  }

  /** Sees what was answered, at that moment. */
  interface Witness {
    void saw(String port, Object answer, Machine machine);
  }

  Network(SimulatedTime time) {
    this.time = time;
  }

  void on(Strike next) {
    strike = next;
  }

  void watch(Witness next) {
    witness = next;
  }

  /** Something has changed that blocking queries wait for. */
  void wake() {
    waiting.forEach(time::wake);
  }

  List<Call> calls() {
    return calls;
  }

  /** The port as that machine reaches it. */
  <T> T reach(Class<T> port, T target, Machine machine) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> call(target, machine, method, arguments)));
  }

  private Object call(Object target, Machine machine, Method method, Object[] arguments)
      throws Throwable {
    var port = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    var call = new Call(calls.size(), machine.name, port);
    calls.add(call);
    strike(call, Side.BEFORE, machine);
    var answer =
        switch (method.getName()) {
          case "awaitDefinitionChange", "awaitStatusChange" ->
              awaitChange(target, method, arguments);
          case "followEvents" -> follow(target, method, arguments);
          default -> invoke(target, method, arguments);
        };
    witness.saw(port, answer, machine);
    strike(call, Side.AFTER, machine);
    if (answer instanceof PortFailure failure) {
      throw failure;
    }
    return strike.answer(call, answer);
  }

  /** The fakes answer at once; waiting is for the simulated clock. */
  private Object awaitChange(Object target, Method method, Object[] arguments) throws Throwable {
    var end = time.instant().plus((Duration) arguments[1]);
    var answer = invoke(target, method, arguments);
    while (answer.equals(arguments[0]) && time.instant().isBefore(end)) {
      var self = time.current();
      waiting.add(self);
      time.pause(POLL);
      waiting.remove(self);
      answer = invoke(target, method, arguments);
    }
    return answer;
  }

  private Object follow(Object target, Method method, Object[] arguments) throws Throwable {
    var end = time.instant().plus((Duration) arguments[2]);
    var answer = invoke(target, method, arguments);
    while (!(answer instanceof PortFailure) && time.instant().isBefore(end)) {
      time.pause(POLL);
      answer = invoke(target, method, arguments);
    }
    return answer;
  }

  private void strike(Call call, Side side, Machine machine) {
    strike.strike(call, side, machine);
    time.pause(ONE_WAY);
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof PortFailure failure) {
        return failure; // The refusal travels back as an answer does.
      }
      throw e.getCause();
    }
  }
}
