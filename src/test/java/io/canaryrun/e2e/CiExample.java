package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of {@code examples/ci}: its variables, and the shell that the CI runs.
 *
 * @param variables as the file sets them
 */
record CiExample(Map<String, String> variables, List<Step> steps) {
  private static final Path DIRECTORY = Path.of("examples/ci");

  /** In the place of whatever comes from the CI's store of secrets. */
  static final String SECRET = "secret-of-the-ci";

  /** A variable of a Jenkinsfile, with its value or the name of a secret. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "^ +([A-Z0-9_]+) = (?:'([^']*)'|credentials\\('[^']+'\\))", Pattern.MULTILINE);

  private static final Pattern SH = Pattern.compile("\\bsh '''(.*?)'''", Pattern.DOTALL);

  /**
   * Lines that one shell runs.
   *
   * @param always also after a step that failed
   */
  record Step(List<String> shell, String script, boolean always) {}

  /** Jenkins runs each {@code sh} with {@code sh -xe}, and nothing after one that fails. */
  static CiExample jenkins() throws IOException {
    var text = Files.readString(DIRECTORY.resolve("Jenkinsfile"));
    var variables =
        VARIABLE
            .matcher(text)
            .results()
            .collect(
                Collectors.toMap(
                    it -> it.group(1), it -> it.group(2) == null ? SECRET : it.group(2)));
    var steps =
        SH.matcher(text)
            .results()
            .map(it -> new Step(List.of("sh", "-xe"), it.group(1), false))
            .toList();
    assertEquals(text.split("\\bsh\\b", -1).length - 1, steps.size(), "each sh is found");
    assertFalse(steps.toString().contains("\\"), "Groovy has its own meaning of a backslash");
    return new CiExample(variables, steps);
  }

  /** GitHub runs each {@code run} in a shell of its own. */
  static CiExample gitHub() throws IOException {
    var job = yaml("github-actions.yml").at("/jobs/canary");
    assertEquals("bash", job.at("/defaults/run/shell").asText());
    var bash = List.of("bash", "--noprofile", "--norc", "-eo", "pipefail");
    var steps = new ArrayList<Step>();
    for (var step : job.path("steps")) {
      if (step.has("run")) {
        steps.add(
            new Step(bash, step.path("run").asText(), step.path("if").asText().equals("always()")));
      }
    }
    return new CiExample(variables(job.path("env")), steps);
  }

  /** GitLab runs all lines in one shell, but for those that come after. */
  static CiExample gitLab() throws IOException {
    var job = yaml("gitlab-ci.yml").path("canary");
    var bash = List.of("bash", "-eo", "pipefail");
    return new CiExample(
        variables(job.path("variables")),
        List.of(
            new Step(bash, lines(job.path("before_script"), job.path("script")), false),
            new Step(bash, lines(job.path("after_script")), true)));
  }

  private static JsonNode yaml(String file) throws IOException {
    return new YAMLMapper().readTree(DIRECTORY.resolve(file).toFile());
  }

  private static String lines(JsonNode... lists) {
    return Stream.of(lists)
        .flatMap(JsonNode::valueStream)
        .map(JsonNode::asText)
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> variables(JsonNode fields) {
    var variables = new LinkedHashMap<String, String>();
    fields
        .properties()
        .forEach(
            it ->
                variables.put(
                    it.getKey(),
                    it.getValue().asText().startsWith("${{ secrets.")
                        ? SECRET
                        : it.getValue().asText()));
    return variables;
  }

  /** With what a team sets; nothing else of it is an example's. */
  CiExample with(Map<String, String> settings) {
    var own = new LinkedHashMap<>(variables);
    own.replaceAll((name, value) -> settings.getOrDefault(name, value));
    assertFalse(own.toString().matches(".*(\\.example|0000000).*"), "not set: " + own);
    return new CiExample(own, steps);
  }
}
