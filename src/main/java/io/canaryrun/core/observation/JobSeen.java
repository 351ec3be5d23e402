package io.canaryrun.core.observation;

import java.util.Map;

/**
 * A job as registered in Nomad.
 *
 * @param modifyIndex Nomad's JobModifyIndex, which EnforceIndex is compared with
 * @param stopped stopped, but not purged
 * @param document as stored, with all that Nomad added
 */
public record JobSeen(
    long modifyIndex,
    long version,
    boolean stopped,
    Map<String, String> meta,
    JobDocument document) {

  public JobSeen {
    meta = Map.copyOf(meta);
  }
}
