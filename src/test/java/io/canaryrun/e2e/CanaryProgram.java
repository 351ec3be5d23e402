package io.canaryrun.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program that the end-to-end tests start, each time: what {@code mvnw package} built, or what
 * {@code -Dcanary.artifact=} names. That may be such a directory, an archive of {@code make dist},
 * packed or unpacked, or a native executable.
 */
final class CanaryProgram {
  private static final String NAME = System.getProperty("canary.artifact", "target/quarkus-app");
  private static final Path ARTIFACT = Path.of(NAME).toAbsolutePath();

  private static final Path UNPACKED =
      isArchive(ARTIFACT) ? Archive.unpack(ARTIFACT, temporary()) : ARTIFACT;

  private static final Path JAR = UNPACKED.resolve("quarkus-run.jar");
  private static final List<String> COMMAND = start();

  /** Made when it is first needed. */
  private static final class Recorded {
    static final List<String> COMMAND =
        Files.exists(JAR) ? new RecordedProgram(java(), JAR).command() : CanaryProgram.COMMAND;
  }

  private CanaryProgram() {}

  /** What starts it; its own arguments follow. */
  static List<String> command() {
    return COMMAND;
  }

  /** The same, and what it looks into is recorded where the tests start it with their own Java. */
  static List<String> recorded() {
    return Recorded.COMMAND;
  }

  /** As whoever chose it wrote it. */
  static String name() {
    return NAME;
  }

  /** The archive to be tried: the one that is named, or one made of what was built. */
  static Path archive() {
    return isArchive(ARTIFACT) ? ARTIFACT : Archive.made();
  }

  private static List<String> start() {
    if (Files.exists(JAR)) {
      return Stream.concat(java().stream(), Stream.of("-jar", JAR.toString())).toList();
    }
    var launcher = UNPACKED.resolve("bin/canary");
    if (Files.exists(launcher)) {
      return List.of(launcher.toString());
    }
    if (Files.isRegularFile(UNPACKED) && Files.isExecutable(UNPACKED)) {
      return List.of(UNPACKED.toString());
    }
    throw new IllegalArgumentException(
        "canary.artifact is %s; it must be a directory with quarkus-run.jar (`make build`), a .tar.gz"
                .formatted(NAME)
            + " of `make dist`, or a native executable");
  }

  private static List<String> java() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(java, "@" + Path.of("src/dist/lib/java.options").toAbsolutePath());
  }

  private static boolean isArchive(Path artifact) {
    return artifact.toString().endsWith(".tar.gz") && Files.isRegularFile(artifact);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("canary-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
