package io.canaryrun.codec;

import io.canaryrun.core.observation.Generation;

/** The frozen generation, compressed, as it lies in KV. */
public final class GenerationCodec {
  private GenerationCodec() {}

  /** Gzipped JSON. */
  public static byte[] write(Generation generation) {
    throw new UnsupportedOperationException();
  }

  /**
   * @throws IllegalArgumentException the bytes are no generation
   */
  public static Generation read(byte[] bytes) {
    throw new UnsupportedOperationException();
  }
}
