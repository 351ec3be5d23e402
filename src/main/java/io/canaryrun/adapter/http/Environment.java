package io.canaryrun.adapter.http;

import java.net.URI;
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

  /**
   * An address that begins with http:// or https://.
   *
   * @param text the variable's value, or what stands for it
   * @throws IllegalArgumentException it is none
   */
  public static URI address(String name, String text) {
    try {
      var address = URI.create(text.strip());
      var scheme = address.getScheme();
      if (("http".equals(scheme) || "https".equals(scheme)) && address.getHost() != null) {
        return address;
      }
      throw new IllegalArgumentException(
          "unix".equals(scheme)
              ? "Unix domain sockets are not supported yet"
              : "it must be like http://HOST:PORT or https://HOST:PORT");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s is '%s': %s".formatted(name, text, e.getMessage()), e);
    }
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    return variables.keySet().toString();
  }
}
