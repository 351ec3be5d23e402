package io.canaryrun.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A job of a CI, in a workspace of its own.
 *
 * @param environment what the CI tells each job
 */
record CiJob(Path workspace, Map<String, String> environment) {
  private static final String GITHUB_PATH = "GITHUB_PATH";

  /** How it ended, and its log. */
  record Result(int exitCode, String output) {}

  /** Runs an example as its CI does: the first step that fails gives the exit code. */
  Result run(CiExample example) throws IOException, InterruptedException {
    var log = Files.createTempFile(workspace, "log-", ".txt");
    int exitCode = 0;
    for (var step : example.steps()) {
      if (exitCode == 0 || step.always()) {
        int code = run(step, example.variables(), log);
        exitCode = exitCode == 0 ? code : exitCode;
      }
    }
    return new Result(exitCode, Files.readString(log));
  }

  private int run(CiExample.Step step, Map<String, String> variables, Path log)
      throws IOException, InterruptedException {
    var script = Files.writeString(workspace.resolve("step.sh"), step.script());
    var builder = new ProcessBuilder(new ArrayList<>(step.shell()));
    builder.command().add(script.toString());
    builder.directory(workspace.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(variables);
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", addedPath(), (path, added) -> added + path);
    var process = builder.start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 3 minutes: " + Files.readString(log));
    }
    return process.exitValue();
  }

  /** What earlier steps wrote into a file whose name GitHub tells them. */
  private String addedPath() throws IOException {
    var file = environment.get(GITHUB_PATH);
    if (file == null || Files.notExists(Path.of(file))) {
      return "";
    }
    var added = new StringBuilder();
    Files.readAllLines(Path.of(file)).forEach(line -> added.append(line).append(':'));
    return added.toString();
  }

  /** The same with more that the CI tells. */
  CiJob with(Map<String, String> more) {
    var all = new HashMap<>(environment);
    all.putAll(more);
    return new CiJob(workspace, all);
  }

  String artefact(String name) throws IOException {
    return Files.readString(workspace.resolve(name));
  }
}
