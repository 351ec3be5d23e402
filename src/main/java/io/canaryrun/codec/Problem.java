package io.canaryrun.codec;

/**
 * One thing that is wrong with a definition.
 *
 * @param pointer JSON Pointer of the field
 * @param message what is wrong and how to mend it
 */
public record Problem(String pointer, String message) {
  @Override
  public String toString() {
    return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
  }
}
