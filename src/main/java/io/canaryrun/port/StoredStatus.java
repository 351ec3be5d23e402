package io.canaryrun.port;

import io.canaryrun.core.phase.RunStatus;
import java.util.Optional;

/**
 * A status as it lies in KV.
 *
 * @param lockedBy the session that holds the run
 * @param status empty where the value is not a status: somebody else wrote it
 * @param text the value, byte for byte
 */
public record StoredStatus(
    String name,
    long modifyIndex,
    Optional<String> lockedBy,
    Optional<RunStatus> status,
    String text) {}
