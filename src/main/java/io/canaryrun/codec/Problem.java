package io.canaryrun.codec;

import io.canaryrun.core.observation.Line;

/**
 * One thing that is wrong with a definition.
 *
 * @param pointer JSON Pointer of the field
 * @param message what is wrong and how to mend it
 */
public record Problem(String pointer, String message) {
  /** On one line: both contain what somebody wrote. */
  @Override
  public String toString() {
    return Line.of((pointer.isEmpty() ? "/" : pointer) + ": " + message);
  }
}
