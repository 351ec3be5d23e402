package io.canaryrun.e2e;

import io.canaryrun.agents.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The program that was built, made to record what Jackson and Gson look into, and started from an
 * AOT cache as that of an archive is: tests start it hundreds of times.
 */
final class RecordedProgram {
  private static final Path DIRECTORY = Path.of("target/recorded").toAbsolutePath();
  private static final Path LIBRARIES = DIRECTORY.resolve("libraries.jar");
  private static final Path CLASSES = DIRECTORY.resolve("classes");
  private static final Path CACHE = DIRECTORY.resolve("canary.aot");

  private final List<String> java;
  private final List<String> main;

  /**
   * @param java what starts the program, without its JAR
   * @param jar the program
   */
  RecordedProgram(List<String> java, Path jar) {
    this.java = java;
    try {
      this.main = List.of("-cp", LIBRARIES + ":" + jar, mainClass(jar));
      if (!Files.exists(CACHE) || isNewer(jar, CACHE)) {
        Files.createDirectories(DIRECTORY);
        writeLibraries();
        makeCache();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What starts it; its own arguments follow. */
  List<String> command() {
    return command(
        "-XX:SharedArchiveFile=" + CACHE,
        "-D%s=%s".formatted(ReflectionLog.DIRECTORY, ReflectionRecord.begun()));
  }

  private List<String> command(String... options) {
    return Stream.of(java, List.of(options), main).flatMap(List::stream).toList();
  }

  private static boolean isNewer(Path one, Path other) throws IOException {
    return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
  }

  private static String mainClass(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Main-Class");
    }
  }

  /** In front of the program's own. */
  private static void writeLibraries() throws IOException {
    var classes = ReflectionCalls.classes();
    for (var part : ReflectionLog.class.getNestMembers()) {
      var file = part.getName().replace('.', '/') + ".class";
      classes.put(file, ReflectionCalls.bytes(file));
    }
    try (var jar = new JarOutputStream(Files.newOutputStream(LIBRARIES))) {
      for (var file : classes.entrySet()) {
        jar.putNextEntry(new JarEntry(file.getKey()));
        jar.write(file.getValue());
      }
    }
  }

  /** Of the classes of a daemon and of a command, neither of which finds anybody to talk to. */
  private void makeCache() throws IOException, InterruptedException {
    var list = "-XX:DumpLoadedClassList=" + CLASSES;
    int port = LoopbackPorts.free();
    var daemon =
        start(
            Map.of("QUARKUS_HTTP_PORT", "" + port),
            Stream.concat(command(list).stream(), Stream.of("agent")).toList());
    Http.await("http://127.0.0.1:" + port + "/q/health/live", "\"UP\"");
    daemon.destroy();
    await(daemon);
    var classes = new ArrayList<>(loaded());
    await(start(Map.of(), Stream.concat(command(list).stream(), Stream.of("get")).toList()));
    classes.addAll(loaded());
    Files.write(CLASSES, classes.stream().distinct().toList());
    var dump =
        command(
            "-Xshare:dump",
            "-XX:+AOTClassLinking",
            "-XX:SharedClassListFile=" + CLASSES,
            "-XX:SharedArchiveFile=" + CACHE);
    int code = await(start(Map.of(), dump.subList(0, dump.size() - 1)));
    if (code != 0) {
      throw new IllegalStateException("no AOT cache: " + Files.readString(output()));
    }
  }

  /** Without those of class loaders that a program started so does not have. */
  private static List<String> loaded() throws IOException {
    return Files.readAllLines(CLASSES).stream()
        .filter(line -> !line.contains(" source: "))
        .map(line -> line.replaceAll(" id: [0-9]+$", ""))
        .toList();
  }

  private static Path output() {
    return DIRECTORY.resolve("output");
  }

  private static Process start(Map<String, String> environment, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("CONSUL_HTTP_ADDR", "http://127.0.0.1:1");
    builder.environment().put("NOMAD_ADDR", "http://127.0.0.1:1");
    return builder.redirectErrorStream(true).redirectOutput(output().toFile()).start();
  }

  private static int await(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running: " + Files.readString(output()));
    }
    return process.exitValue();
  }
}
