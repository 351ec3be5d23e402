package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.canaryrun.core.spec.CanaryRun;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Reads definitions; all problems of one are found together. */
public final class DefinitionCodec {
  private DefinitionCodec() {}

  /** What came of reading a definition. */
  public sealed interface Result {
    record Valid(CanaryRun run) implements Result {}

    record Invalid(List<Problem> problems) implements Result {}
  }

  /**
   * @param name the last segment of the key, which {@code metadata.name} must equal
   */
  public static Result read(String name, String text) {
    throw new UnsupportedOperationException();
  }

  /** {@code sha256:…} of the bytes of a definition. */
  public static String digest(String text) {
    try {
      var bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "sha256:" + HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
