package io.canaryrun.cli;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.codec.DefinitionEdit;
import io.canaryrun.core.spec.CanaryRun;
import java.util.stream.Collectors;

/** A valid definition. */
record Definition(String text, CanaryRun run) {

  /**
   * @param source where the text comes from, for messages
   * @throws UsageError the definition is invalid; every problem is named
   */
  static Definition of(String source, String text) {
    return switch (DefinitionCodec.read(text)) {
      case DefinitionCodec.Result.Valid(var run) -> new Definition(text, run);
      case DefinitionCodec.Result.Invalid invalid ->
          throw new UsageError(
              invalid.problems().stream()
                  .map(problem -> source + ": " + problem)
                  .collect(Collectors.joining(System.lineSeparator())));
    };
  }

  String name() {
    return run.name();
  }

  /** The same content as another generation. */
  Definition rerun(String id) {
    return of("--rerun", DefinitionEdit.of(text).rerun(id).text());
  }
}
