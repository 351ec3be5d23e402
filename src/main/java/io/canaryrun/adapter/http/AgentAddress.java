package io.canaryrun.adapter.http;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an agent's HTTP API is.
 *
 * @param uri {@code http://HOST:PORT}, {@code https://HOST:PORT} or {@code unix:///PATH}; never
 *     with a user and a password, so that it may be shown
 * @param login {@code USER:PASSWORD} for what stands in front of the agent
 */
public record AgentAddress(URI uri, Optional<String> login) {
  private static final Pattern LOGIN = Pattern.compile("^((?!unix:)(?:[^/]*://)?).*@");

  /**
   * @param variable whose value {@code text} is, or stands for
   * @param login where the address contains none
   * @throws IllegalArgumentException it is none of these; the message shows no password
   */
  public static AgentAddress of(String variable, String text, Optional<String> login) {
    var full = text.strip();
    var shown = LOGIN.matcher(full).replaceFirst("$1");
    return parsed(full)
        .flatMap(
            uri ->
                parsed(shown)
                    .map(
                        it ->
                            new AgentAddress(
                                it, Optional.ofNullable(uri.getUserInfo()).or(() -> login))))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is '%s': it must be like http://HOST:PORT, https://HOST:PORT or"
                            .formatted(variable, shown)
                        + " unix:///PATH"));
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(URI.create(text)).filter(AgentAddress::isUsable);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // What it says shows the text as it is.
    }
  }

  private static boolean isUsable(URI address) {
    return switch (address.getScheme()) {
      case "http", "https" -> address.getHost() != null;
      case "unix" -> address.getAuthority() == null && address.getPath() != null;
      case null, default -> false;
    };
  }

  /** The socket in the file system that takes the place of host and port. */
  public Optional<Path> socket() {
    return "unix".equals(uri.getScheme()) ? Optional.of(Path.of(uri.getPath())) : Optional.empty();
  }

  public boolean isTls() {
    return "https".equals(uri.getScheme());
  }

  /** What requests are addressed to; over a socket, any host will do. */
  public URI base() {
    return socket().isPresent() ? URI.create("http://localhost:80") : uri;
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return uri.toString();
  }
}
