package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionEdit;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that changes definitions before they are used. */
final class DefinitionChanges {
  @Option(
      names = "--set",
      paramLabel = "FIELD=VALUE",
      description = {
        "changes a field by its path in the spec; may be repeated:",
        "  analysis.requests=1000",
        "  health.stableFor=5s",
        "and in short image=…, task=…, env.NAME=…, meta.NAME=…,",
        "var.NAME=…, canary.var.NAME=… of the jobs"
      })
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
    var problems = new ArrayList<String>();
    var edit = edit(source, text);
    changes.forEach(
        (field, value) -> {
          try {
            edit.set(field, value);
          } catch (IllegalArgumentException e) {
            problems.add(source + ": " + e.getMessage());
          }
        });
    if (!problems.isEmpty()) {
      throw new UsageError(String.join(System.lineSeparator(), problems));
    }
    return Definition.of(source.toString(), edit.text());
  }

  private static DefinitionEdit edit(DefinitionSource source, String text) {
    try {
      return DefinitionEdit.of(text);
    } catch (IllegalArgumentException e) {
      throw new UsageError(source + ": " + e.getMessage());
    }
  }
}
