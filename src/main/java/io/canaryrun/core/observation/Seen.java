package io.canaryrun.core.observation;

import java.util.function.Function;

/** Something that was looked at: known, or the answer did not come. */
public sealed interface Seen<T> {

  record Known<T>(T value) implements Seen<T> {}

  /** Nothing may be concluded from this; the sentence tells why. */
  record Unknown<T>(String problem) implements Seen<T> {
    private static final String NOT_LOOKED_AT = "not looked at";

    /** Somebody asked, and got no answer. */
    boolean wasAskedFor() {
      return !problem.equals(NOT_LOOKED_AT);
    }
  }

  static <T> Seen<T> of(T value) {
    return new Known<>(value);
  }

  /** Nobody asked for it. */
  static <T> Seen<T> notLookedAt() {
    return new Unknown<>(Unknown.NOT_LOOKED_AT);
  }

  default <R> Seen<R> map(Function<T, R> change) {
    return switch (this) {
      case Known<T>(var value) -> new Known<>(change.apply(value));
      case Unknown<T>(var problem) -> new Unknown<>(problem);
    };
  }

  default <R> Seen<R> flatMap(Function<T, Seen<R>> next) {
    return switch (this) {
      case Known<T>(var value) -> next.apply(value);
      case Unknown<T>(var problem) -> new Unknown<>(problem);
    };
  }

  default T orElse(T other) {
    return this instanceof Known<T>(var value) ? value : other;
  }
}
