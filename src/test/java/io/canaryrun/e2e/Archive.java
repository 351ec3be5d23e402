package io.canaryrun.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The archive of {@code make dist}. */
final class Archive {
  private static final Path DIRECTORY = Path.of("target/dist").toAbsolutePath();

  /** Made when it is first needed, once for all tests. */
  private static final class Made {
    static final Path ARCHIVE = make();
  }

  private Archive() {}

  /** Made of what was built, as {@code make dist} does. */
  static Path made() {
    return Made.ARCHIVE;
  }

  private static Path make() {
    run("tools/dist");
    try (var files = Files.newDirectoryStream(DIRECTORY, "*.tar.gz")) {
      return files.iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory that is in it. */
  static Path unpack(Path archive, Path directory) {
    run("tar", "-xzf", archive.toString(), "-C", directory.toString());
    return directory.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
  }

  private static void run(String... command) {
    try {
      var builder = new ProcessBuilder(command).inheritIO();
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      int code = builder.start().waitFor();
      if (code != 0) {
        throw new IllegalStateException(command[0] + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
