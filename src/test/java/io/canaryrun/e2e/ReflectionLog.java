package io.canaryrun.e2e;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * In the program under test: writes down each class that Jackson or Gson looks into, which a native
 * executable must have registered.
 */
public final class ReflectionLog {
  /** The directory that holds the record of each process; without it, nothing is recorded. */
  static final String DIRECTORY = "reflection.record";

  private static final Set<Class<?>> SEEN = ConcurrentHashMap.newKeySet();

  private ReflectionLog() {}

  /** Opened when there is something to write, and not before: it may be in an AOT cache. */
  private static final class Opened {
    static final PrintStream FILE = open();

    private static PrintStream open() {
      try {
        var file = Path.of(System.getProperty(DIRECTORY), "" + ProcessHandle.current().pid());
        return new PrintStream(Files.newOutputStream(file), true);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Called by the libraries: see {@link ReflectionCalls}. */
  public static void looksInto(Class<?> type) {
    boolean ofJava = type.getModule().isNamed();
    if (!ofJava && System.getProperty(DIRECTORY) != null && SEEN.add(type)) {
      Opened.FILE.println(type.getName());
    }
  }
}
