package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.DefinitionEdit;
import io.canaryrun.core.spec.CanaryRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of commands that take a definition from a file. */
final class DefinitionFile {
  @ArgGroup(multiplicity = "1")
  private Place place;

  /** Where the definition is: with the option or without. */
  static final class Place {
    @Option(
        names = {"-f", "--file"},
        required = true,
        paramLabel = "FILE",
        description = "the definition; - for standard input")
    private String file;

    @Parameters(index = "0", paramLabel = "FILE", description = "the same without -f")
    private String positional;

    String file() {
      return file == null ? positional : file;
    }
  }

  @Option(
      names = "--set",
      paramLabel = "FIELD=VALUE",
      description =
          "changes the definition: image=…, env.NAME=…, meta.NAME=…, var.NAME=…, canary.count=…; "
              + "canary.image=… and so on where the canary has a job of its own")
  private Map<String, String> changes = Map.of();

  /** A valid definition. */
  record Definition(String text, CanaryRun run) {
    String name() {
      return run.name();
    }

    /** The same content as another generation. */
    Definition rerun(String id) {
      return valid("--rerun", DefinitionEdit.of(text).rerun(id).text());
    }
  }

  /**
   * @throws UsageError the file cannot be read, or the definition is invalid
   */
  Definition read() {
    var file = place.file();
    var text = text(file);
    if (changes.isEmpty()) {
      return valid(file, text); // To the byte as it is written.
    }
    try {
      var edit = DefinitionEdit.of(text);
      changes.forEach(edit::set);
      return valid(file, edit.text());
    } catch (IllegalArgumentException e) {
      throw new UsageError(file + ": " + e.getMessage());
    }
  }

  private static Definition valid(String file, String text) {
    return switch (DefinitionCodec.read(text)) {
      case DefinitionCodec.Result.Valid(var run) -> new Definition(text, run);
      case DefinitionCodec.Result.Invalid invalid -> throw new UsageError(problems(file, invalid));
    };
  }

  static String problems(String file, DefinitionCodec.Result.Invalid invalid) {
    return invalid.problems().stream()
        .map(problem -> file + ": " + problem)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  static String text(String file) {
    try {
      try (var in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
        return text(file, in.readNBytes(DefinitionCodec.MAX_BYTES + 1));
      }
    } catch (NoSuchFileException e) {
      throw new UsageError(file + ": there is no such file");
    } catch (AccessDeniedException e) {
      throw new UsageError(file + ": permission denied");
    } catch (CharacterCodingException e) {
      throw new UsageError(file + " is not UTF-8");
    } catch (IOException e) {
      throw new UsageError("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static String text(String file, byte[] bytes) throws CharacterCodingException {
    if (bytes.length > DefinitionCodec.MAX_BYTES) {
      throw new UsageError(
          "%s is longer than %d bytes, the longest that a definition may be"
              .formatted(file, DefinitionCodec.MAX_BYTES));
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
