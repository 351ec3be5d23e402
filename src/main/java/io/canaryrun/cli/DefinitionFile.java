package io.canaryrun.cli;

import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of commands that take one definition. */
final class DefinitionFile {
  @ArgGroup(multiplicity = "1")
  private Place place;

  @Mixin private DefinitionChanges changes;

  /** Where the definition is: with the option or without. */
  static final class Place {
    @Option(
        names = {"-f", "--file"},
        required = true,
        paramLabel = "FILE",
        description = "the definition; - for standard input")
    private Path file;

    @Parameters(index = "0", paramLabel = "FILE", description = "the same without -f")
    private Path positional;

    Path path() {
      return file == null ? positional : file;
    }
  }

  /**
   * @throws UsageError the file cannot be read, or the definition is invalid
   */
  Definition read() {
    return changes.read(new DefinitionSource(place.path()));
  }
}
