package io.canaryrun.core.observation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code meta} entries by which this program knows its own jobs.
 *
 * @param digest of the specification as it was before it was stamped
 * @param owner Consul datacenter and KV prefix: which installation the job belongs to
 */
public record Stamps(String run, long generation, Role role, String digest, String owner) {

  public static final String RUN = "canary_run";
  public static final String GENERATION = "canary_generation";
  public static final String ROLE = "canary_role";
  public static final String DIGEST = "canary_digest";
  public static final String OWNER = "canary_owner";

  /** Why a canary job was stopped: the word of a {@code Reason}. */
  public static final String STOP_REASON = "canary_stop_reason";

  /** All of them. */
  public static final List<String> KEYS =
      List.of(RUN, GENERATION, ROLE, DIGEST, OWNER, STOP_REASON);

  /** What a stamped job is. */
  public enum Role {
    CANARY("canary"),
    PRODUCTION("production");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** The stamps in a job's {@code meta}; empty where they are missing or not readable. */
  public static Optional<Stamps> of(Map<String, String> meta) {
    var run = meta.get(RUN);
    var digest = meta.get(DIGEST);
    var owner = meta.get(OWNER);
    if (run == null || digest == null || owner == null) {
      return Optional.empty();
    }
    for (var role : Role.values()) {
      if (role.word.equals(meta.get(ROLE))) {
        return generation(meta).map(number -> new Stamps(run, number, role, digest, owner));
      }
    }
    return Optional.empty();
  }

  private static Optional<Long> generation(Map<String, String> meta) {
    try {
      return Optional.of(Long.valueOf(meta.getOrDefault(GENERATION, "")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** As {@code meta} entries, in a fixed order. */
  public Map<String, String> toMeta() {
    var meta = new LinkedHashMap<String, String>();
    meta.put(RUN, run);
    meta.put(GENERATION, Long.toString(generation));
    meta.put(ROLE, role.word);
    meta.put(DIGEST, digest);
    meta.put(OWNER, owner);
    return meta;
  }
}
