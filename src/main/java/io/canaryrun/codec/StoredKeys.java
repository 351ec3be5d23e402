package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;

/** What belongs under which key; keys are told without the prefix of all. */
public final class StoredKeys {

  /** Of the contract; what lies beside them is somebody else's. */
  public static final List<String> FOLDERS =
      List.of("runs/", "status/", "generations/", "commands/", "history/", "members/");

  private StoredKeys() {}

  /** The run that a key belongs to; empty: no key of a run is like that. */
  public static Optional<String> run(String key) {
    var parts = key.split("/", -1);
    var fits =
        switch (parts[0]) {
          case "runs", "status" -> parts.length == 2;
          case "generations", "history" -> parts.length == 3 && parts[2].matches("\\d{1,19}");
          case "commands" -> parts.length == 3 && !parts[2].isEmpty();
          default -> false;
        };
    return fits && !parts[1].isEmpty() ? Optional.of(parts[1]) : Optional.empty();
  }

  /** Whether a key is one of the contract's: of a run, or of a daemon. */
  public static boolean isKnown(String key) {
    return run(key).isPresent() || key.matches("members/[^/]+");
  }

  /** A key that a person's tool made to show a folder. */
  public static boolean isFolder(String key) {
    return key.endsWith("/");
  }

  /** Whether {@link #problem} can find one. */
  public static boolean isChecked(String key) {
    return !isKnown(key) || !(key.startsWith("runs/") || key.startsWith("commands/"));
  }

  /**
   * What is wrong with a key or its value. What people write is left to the run itself, which tells
   * of it.
   *
   * @param value empty where there is none
   */
  public static Optional<String> problem(String key, byte[] value) {
    if (!isKnown(key)) {
      return Optional.of("is no key of a run");
    }
    return switch (key.substring(0, key.indexOf('/'))) {
      case "status", "history" ->
          StatusCodec.read(new String(value, UTF_8)).isEmpty()
              ? Optional.of("is not a status")
              : Optional.empty();
      case "generations" -> generationProblem(value);
      case "members" ->
          MemberCodec.read(new String(value, UTF_8)).isEmpty()
              ? Optional.of("is not a daemon")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> generationProblem(byte[] value) {
    try {
      var _ = GenerationCodec.read(value);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("is not a frozen generation: " + e.getMessage());
    }
  }
}
