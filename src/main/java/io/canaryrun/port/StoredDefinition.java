package io.canaryrun.port;

/**
 * A definition as it lies in KV.
 *
 * @param modifyIndex the generation
 */
public record StoredDefinition(String name, long modifyIndex, String text) {}
