package io.canaryrun.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is mounted below a directory. */
final class Mounts {
  private Mounts() {}

  static List<String> below(Path directory) {
    try {
      return Files.readAllLines(Path.of("/proc/mounts")).stream()
          .map(line -> line.split(" ", 3)[1])
          .filter(mount -> mount.startsWith(directory + "/"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a killed agent left there. */
  static void remove(Path directory) {
    for (var mount : below(directory)) {
      try {
        new ProcessBuilder("umount", "-l", mount).inheritIO().start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
