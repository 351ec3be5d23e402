package io.canaryrun.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The classes that Jackson and Gson looked into in the programs of the last end-to-end tests. */
final class ReflectionRecord {
  private static final Path DIRECTORY = Path.of("target/reflection-record").toAbsolutePath();

  /** Begins it anew, once for all tests of a run. */
  private static final class Begun {
    static final Path RECORD = begin();
  }

  private ReflectionRecord() {}

  /** Where programs write it from now on. */
  static Path begun() {
    return Begun.RECORD;
  }

  static SortedSet<String> read() {
    var classes = new TreeSet<String>();
    for (var file : files()) {
      try {
        classes.addAll(Files.readAllLines(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return classes;
  }

  private static List<Path> files() {
    try (var files = Files.list(Files.createDirectories(DIRECTORY))) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets the last record. */
  private static Path begin() {
    try {
      for (var file : files()) {
        Files.delete(file);
      }
      return DIRECTORY;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
