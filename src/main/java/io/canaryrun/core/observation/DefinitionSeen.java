package io.canaryrun.core.observation;

/** The definition as it is in KV now. */
public sealed interface DefinitionSeen {

  /** A consistent read of the single key said that it does not exist. */
  record Absent() implements DefinitionSeen {}

  /**
   * @param generation its ModifyIndex
   */
  record Present(long generation, String digest) implements DefinitionSeen {}
}
