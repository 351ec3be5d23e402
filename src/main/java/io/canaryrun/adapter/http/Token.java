package io.canaryrun.adapter.http;

import io.canaryrun.port.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What proves who we are: fixed, or what a file contains. Whoever renews the file need not tell us:
 * it is read anew when it has changed, which is looked at once a second at most, and after each
 * refusal. Not every agent says of an old token that it is refused: Nomad answers 500 to some.
 */
public final class Token {
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final String source;
  private final Optional<Path> file;
  private final LongSupplier nanos;
  private final AtomicLong nextLook;
  private volatile State state = new State(Optional.empty(), Optional.empty());

  /** What a file looked like before it was read. */
  private record Stamp(FileTime modified, long size) {
    static Stamp of(Path file) throws IOException {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size());
    }
  }

  private record State(Optional<String> value, Optional<Stamp> stamp) {}

  private Token(String source, Optional<Path> file, LongSupplier nanos) {
    this.source = source;
    this.file = file;
    this.nanos = nanos;
    this.nextLook = new AtomicLong(nanos.getAsLong() + LOOK_NANOS);
  }

  /**
   * @param variable where it stands, or would stand
   */
  public static Token fixed(String variable, Optional<String> value) {
    var token = new Token(variable, Optional.empty(), () -> 0);
    token.state = new State(value, Optional.empty());
    return token;
  }

  /**
   * @param variable that names the file
   * @throws IllegalArgumentException the file cannot be read, or is empty
   */
  public static Token in(String variable, Path file) {
    return in(variable, file, System::nanoTime);
  }

  static Token in(String variable, Path file, LongSupplier nanos) {
    var token = new Token("file " + file, Optional.of(file), nanos);
    try {
      token.state = read(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s cannot be read: %s".formatted(variable, file, FileProblem.inWords(e)), e);
    }
    return token;
  }

  /** The stamp comes first: whatever is written while this reads, is a change. */
  private static State read(Path file) throws IOException {
    var stamp = Stamp.of(file);
    var text = Files.readString(file).strip();
    if (text.isEmpty()) {
      throw new IOException("it is empty");
    }
    return new State(Optional.of(text), Optional.of(stamp));
  }

  /** As it is now. */
  public Optional<String> value() {
    file.filter(_ -> isTimeToLook()).filter(this::hasChanged).ifPresent(this::reread);
    return state.value();
  }

  private boolean isTimeToLook() {
    long due = nextLook.get();
    long now = nanos.getAsLong();
    return now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_NANOS);
  }

  private boolean hasChanged(Path from) {
    try {
      return !state.stamp().equals(Optional.of(Stamp.of(from)));
    } catch (IOException e) {
      return false; // Perhaps it is being replaced right now.
    }
  }

  /**
   * Reads the file anew; while it cannot be read, the token stays as it is.
   *
   * @param refused the token that was refused, which may be older than the present one
   * @return whether the present one is another
   */
  boolean isOtherThan(Optional<String> refused) {
    file.ifPresent(this::reread);
    return !state.value().equals(refused);
  }

  private void reread(Path from) {
    try {
      state = read(from);
    } catch (IOException e) {
      // Perhaps it is being written right now: the next look reads it again.
    }
  }

  /** Where it comes from, for messages: a variable, or a file. */
  public String source() {
    return source;
  }

  /** Never the token itself. */
  @Override
  public String toString() {
    return state.value().isPresent() ? "the token of " + source : "no token";
  }
}
