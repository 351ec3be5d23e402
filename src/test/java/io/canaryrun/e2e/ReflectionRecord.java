package io.canaryrun.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The classes that Jackson and Gson looked into in the programs of the last end-to-end tests. */
final class ReflectionRecord {
  private static final Path DIRECTORY = Path.of("target/reflection-record").toAbsolutePath();

  /** Begins it anew, once for all tests of a run. */
  private static final class Begun {
    static final String OPTION = "-javaagent:%s=%s".formatted(begin(), DIRECTORY);
  }

  private ReflectionRecord() {}

  /** The option of Java with which a program is recorded. */
  static String option() {
    return Begun.OPTION;
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
      return agent(DIRECTORY.resolveSibling("reflection-agent.jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path agent(Path file) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", ReflectionAgent.class.getName());
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (var part : ReflectionAgent.class.getNestMembers()) {
        var entry = part.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (var bytes = part.getResourceAsStream("/" + entry)) {
          bytes.transferTo(jar);
        }
      }
    }
    return file;
  }
}
