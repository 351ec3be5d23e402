package io.canaryrun.operator;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What definitions may ask for. Writing a definition is deploying, so the agent's settings bound
 * it.
 *
 * @param namespaces Nomad namespaces
 * @param jobs Nomad job IDs; {@code *} stands for any text
 * @param drivers task drivers
 * @param consulKeys keys that a definition may name as a job source; {@code *} stands for any text
 */
public record AllowList(
    List<String> namespaces, List<String> jobs, List<String> drivers, List<String> consulKeys) {

  public AllowList {
    namespaces = List.copyOf(namespaces);
    jobs = List.copyOf(jobs);
    drivers = List.copyOf(drivers);
    consulKeys = List.copyOf(consulKeys);
  }

  boolean namespace(String namespace) {
    return matches(namespaces, namespace);
  }

  /**
   * The namespaces to ask Nomad about. Each by its name where that is possible: events of all need
   * permission to read the jobs of every single one.
   */
  List<String> searched() {
    return namespaces.stream().anyMatch(name -> name.contains("*")) ? List.of("*") : namespaces;
  }

  boolean job(String jobId) {
    return matches(jobs, jobId);
  }

  boolean driver(String driver) {
    return matches(drivers, driver);
  }

  boolean consulKey(String key) {
    return matches(consulKeys, key);
  }

  private static boolean matches(List<String> patterns, String text) {
    return patterns.stream().anyMatch(pattern -> glob(pattern).matcher(text).matches());
  }

  private static Pattern glob(String pattern) {
    return Pattern.compile(
        Pattern.compile("\\*")
            .splitAsStream(pattern + " ")
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"))
            .replace(" \\E", "\\E"));
  }
}
