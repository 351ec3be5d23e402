package io.canaryrun.adapter.http;

import io.canaryrun.port.FileProblem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of certificates or of a key.
 *
 * @param variable that names it, or its directory
 */
record PemFile(String variable, Path path) {

  /**
   * Those in a directory, by their names.
   *
   * @throws IllegalArgumentException it cannot be listed, or there is none
   */
  static List<PemFile> in(String variable, Path directory) {
    try (var all = Files.list(directory)) {
      var files = all.filter(Files::isRegularFile).sorted().toList();
      if (files.isEmpty()) {
        throw new IOException("there is no file in it");
      }
      return files.stream().map(file -> new PemFile(variable, file)).toList();
    } catch (IOException e) {
      throw new PemFile(variable, directory).unusable(FileProblem.inWords(e), e);
    }
  }

  /**
   * @throws IllegalArgumentException it cannot be read
   */
  Buffer content() {
    try {
      return Buffer.buffer(Files.readAllBytes(path));
    } catch (IOException e) {
      throw unusable(FileProblem.inWords(e), e);
    }
  }

  IllegalArgumentException unusable(String why, Exception cause) {
    return new IllegalArgumentException(
        "%s: %s cannot be used for TLS: %s".formatted(variable, path, why), cause);
  }
}
