package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.port.FileProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where definitions are: a file, a directory of files, or standard input. */
record DefinitionSource(Path path) {
  private static final String STANDARD_INPUT = "-";
  private static final String EXTENSION = ".json";

  boolean isStandardInput() {
    return path.toString().equals(STANDARD_INPUT);
  }

  /**
   * A directory stands for the files in it whose names end in {@code .json}, in the order of their
   * names. Hidden files and directories below it are left out. One with none stands for itself,
   * which is no definition.
   *
   * @throws UsageError they cannot be listed
   */
  List<DefinitionSource> files() {
    if (!Files.isDirectory(path)) {
      return List.of(this);
    }
    try (var all = Files.list(path)) {
      var files =
          all.filter(Files::isRegularFile).filter(DefinitionSource::isDefinition).sorted().toList();
      return files.isEmpty() ? List.of(this) : files.stream().map(DefinitionSource::new).toList();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static boolean isDefinition(Path file) {
    var name = file.getFileName().toString();
    return name.endsWith(EXTENSION) && !name.startsWith(".");
  }

  /**
   * What is there.
   *
   * @throws UsageError it cannot be read, is too long, or is no text
   */
  String text() {
    if (Files.isDirectory(path)) {
      throw new UsageError(
          files().equals(List.of(this))
              ? "%s: there is no definition in this directory, no file *%s"
                  .formatted(this, EXTENSION)
              : this + ": this is a directory, and one definition is taken here");
    }
    try (var in = isStandardInput() ? System.in : Files.newInputStream(path)) {
      return text(in.readNBytes(DefinitionCodec.MAX_BYTES + 1));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private String text(byte[] bytes) throws CharacterCodingException {
    if (bytes.length > DefinitionCodec.MAX_BYTES) {
      throw new UsageError(
          "%s: it is longer than %d bytes, the longest that a definition may be"
              .formatted(this, DefinitionCodec.MAX_BYTES));
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private UsageError unreadable(IOException problem) {
    return new UsageError(this + ": " + FileProblem.inWords(problem));
  }

  /** For messages. */
  @Override
  public String toString() {
    return isStandardInput() ? "standard input" : path.toString();
  }
}
