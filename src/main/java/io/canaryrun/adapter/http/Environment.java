package io.canaryrun.adapter.http;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Environment variables, as the official clients read them; a blank one is not set. */
public record Environment(Map<String, String> variables) {

  public Environment {
    variables = Map.copyOf(variables);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  public Optional<Path> path(String name) {
    return text(name).map(Path::of);
  }

  /**
   * @throws IllegalArgumentException neither true nor false
   */
  public Optional<Boolean> flag(String name) {
    return text(name).map(value -> flag(name, value));
  }

  private static boolean flag(String name, String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "%s is '%s'; it must be true or false".formatted(name, value));
    };
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    return variables.keySet().toString();
  }
}
