package io.canaryrun.adapter.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What proves who we are: fixed, or what a file contains. Whoever renews the file need not tell us:
 * it is read anew after each refusal.
 */
public final class Token {
  /** Nobody in particular. */
  public static final Token NONE = fixed(Optional.empty());

  private final Optional<Path> file;
  private volatile Optional<String> value;

  private Token(Optional<Path> file, Optional<String> value) {
    this.file = file;
    this.value = value;
  }

  public static Token fixed(Optional<String> value) {
    return new Token(Optional.empty(), value);
  }

  /**
   * @param variable that names the file
   * @throws IllegalArgumentException the file cannot be read, or is empty
   */
  public static Token in(String variable, Path file) {
    try {
      return new Token(Optional.of(file), Optional.of(content(file)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s cannot be read: %s".formatted(variable, file, e.getMessage()), e);
    }
  }

  private static String content(Path file) throws IOException {
    var text = Files.readString(file).strip();
    if (text.isEmpty()) {
      throw new IOException("it is empty");
    }
    return text;
  }

  public Optional<String> value() {
    return value;
  }

  /**
   * Reads the file anew; while it cannot be read, the token stays as it is.
   *
   * @param refused the token that was refused, which may be older than the present one
   * @return whether the present one is another
   */
  boolean isOtherThan(Optional<String> refused) {
    file.ifPresent(this::reread);
    return !value.equals(refused);
  }

  private void reread(Path from) {
    try {
      value = Optional.of(content(from));
    } catch (IOException e) {
      // Perhaps it is being written right now: the next refusal reads it again.
    }
  }

  /** Never the token itself. */
  @Override
  public String toString() {
    return file.map(it -> "the token in " + it).orElse(value.isPresent() ? "a token" : "no token");
  }
}
