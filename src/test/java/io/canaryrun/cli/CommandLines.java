package io.canaryrun.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** The command line without anything that its commands could work on, and what it prints. */
final class CommandLines {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine line =
      CanaryCommand.line(CommandLines::create, new Shutdown())
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err))
          .setUsageHelpAutoWidth(false)
          .setUsageHelpWidth(100);

  private static <K> K create(Class<K> type) throws Exception {
    var constructor = type.isInterface() ? null : type.getDeclaredConstructors()[0];
    return constructor == null || constructor.getParameterCount() == 0
        ? CommandLine.defaultFactory().create(type)
        : type.cast(withNothing(constructor));
  }

  private static Object withNothing(Constructor<?> constructor) throws Exception {
    constructor.setAccessible(true);
    return constructor.newInstance(new Object[constructor.getParameterCount()]);
  }

  CommandLine line() {
    return line;
  }

  int execute(String... arguments) {
    return line.execute(arguments);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
