package io.canaryrun.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of commands that take any number of definitions. */
final class DefinitionFiles {
  @ArgGroup(exclusive = false, multiplicity = "1")
  private Places places;

  @Mixin private DefinitionChanges changes;

  /** Where the definitions are: with the option, without, or some so and some so. */
  static final class Places {
    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description =
            "a definition, - for standard input, or a directory: its files *.json by name, without "
                + "hidden ones and without directories below it; may be given several times")
    private List<Path> files = List.of();

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "the same without -f")
    private List<Path> positional = List.of();

    Stream<Path> paths() {
      return Stream.concat(files.stream(), positional.stream());
    }
  }

  /**
   * Every file that holds one definition, in the order given.
   *
   * @throws UsageError a directory cannot be listed, or standard input is named twice
   */
  List<DefinitionSource> sources() {
    var sources = places.paths().map(DefinitionSource::new).toList();
    if (sources.stream().filter(DefinitionSource::isStandardInput).count() > 1) {
      throw new UsageError("- is given twice: standard input holds one definition");
    }
    return sources.stream().flatMap(source -> source.files().stream()).toList();
  }

  /**
   * @throws UsageError it cannot be read, or is invalid
   */
  Definition read(DefinitionSource source) {
    return changes.read(source);
  }

  /**
   * All definitions, each of another run.
   *
   * @throws UsageError one of them cannot be read or is invalid, or two are of one run; everything
   *     that is wrong is named
   */
  List<Definition> read() {
    var problems = new ArrayList<String>();
    var definitions = new ArrayList<Definition>();
    var sourceOf = new LinkedHashMap<String, DefinitionSource>();
    for (var source : sources()) {
      try {
        var definition = read(source);
        definitions.add(definition);
        var other = sourceOf.putIfAbsent(definition.name(), source);
        if (other != null) {
          problems.add(
              "%s: run %s is defined in %s, too; leave one of them out"
                  .formatted(source, definition.name(), other));
        }
      } catch (UsageError problem) {
        problems.add(problem.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new UsageError(String.join(System.lineSeparator(), problems));
    }
    return definitions;
  }
}
