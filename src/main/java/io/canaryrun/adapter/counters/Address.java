package io.canaryrun.adapter.counters;

/**
 * A host and a port.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 */
record Address(String host, int port) {

  /**
   * Reads {@code host:port}, where an IPv6 address may be in brackets or not.
   *
   * @throws IllegalArgumentException the text is no such address; the message says so
   */
  static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      var host = withoutBrackets(text.substring(0, Math.max(0, colon)));
      if (port >= 1 && port <= 65_535 && !host.isEmpty()) {
        return new Address(host, port);
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException("the address \"" + text + "\" is not host:port");
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** As it stands in a {@code Host} header. */
  String authority() {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
