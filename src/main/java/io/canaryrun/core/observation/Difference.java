package io.canaryrun.core.observation;

import java.util.List;

/**
 * What two versions of a job, or of a part of one, differ in; only what differs is listed.
 *
 * @param name of the job, group or task; of a block, what it configures
 * @param parts below it, in Nomad's order
 * @param notes of Nomad's scheduler on what the change leads to
 */
public record Difference(
    Kind kind,
    Level level,
    String name,
    List<Field> fields,
    List<Difference> parts,
    List<String> notes) {

  public Difference {
    fields = List.copyOf(fields);
    parts = List.copyOf(parts);
    notes = List.copyOf(notes);
  }

  /** How something differs. */
  public enum Kind {
    /** It does not, but what becomes of it is worth a line. */
    SAME,
    ADDED,
    REMOVED,
    CHANGED
  }

  /** What differs. */
  public enum Level {
    JOB,
    GROUP,
    TASK,
    /** A block of one of these, or of another block. */
    BLOCK
  }

  /**
   * A field.
   *
   * @param before empty where it was not set
   * @param after empty where it is not set any more
   */
  public record Field(Kind kind, String name, String before, String after, List<String> notes) {
    public Field {
      notes = List.copyOf(notes);
    }
  }
}
