package io.canaryrun.core.observation;

/**
 * A Nomad job specification, complete with every field that its source had.
 *
 * @param json Nomad's JSON of the job itself, without a surrounding {@code {"Job": …}}
 */
public record JobDocument(String id, String json) {}
