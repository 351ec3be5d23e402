package io.canaryrun.port;

import io.canaryrun.core.observation.Member;
import java.util.Optional;

/**
 * What a daemon shows of itself, as it lies in KV.
 *
 * @param instance as its key says
 * @param lockedBy its session; empty: it has died
 * @param member empty where the value is none: somebody else wrote it
 */
public record StoredMember(
    String instance, long modifyIndex, Optional<String> lockedBy, Optional<Member> member) {}
