package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionEdit;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that changes definitions before they are used. */
final class Changes {
  @Option(
      names = "--set",
      paramLabel = "FIELD=VALUE",
      description =
          "changes a field of the definition by its path in the spec, like analysis.requests=1000 or "
              + "health.stableFor=5s; may be given several times. Short: image=…, task=…, env.NAME=… "
              + "and meta.NAME=… of job.set, var.NAME=… of job.variables, canary.var.NAME=… of "
              + "canary.job.variables")
  private Map<String, String> changes = Map.of();

  /**
   * A definition as it shall be used; without changes, to the byte as it is written.
   *
   * @throws UsageError it cannot be read or changed, or is invalid
   */
  Definition read(DefinitionSource source) {
    var text = source.text();
    if (changes.isEmpty()) {
      return Definition.of(source.toString(), text);
    }
    try {
      var edit = DefinitionEdit.of(text);
      changes.forEach(edit::set);
      return Definition.of(source.toString(), edit.text());
    } catch (IllegalArgumentException e) {
      throw new UsageError(source + ": " + e.getMessage());
    }
  }
}
