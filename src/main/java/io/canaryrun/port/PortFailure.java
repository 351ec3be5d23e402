package io.canaryrun.port;

import io.canaryrun.core.observation.Line;

/**
 * The one failure of every port. Handled in {@code operator} only; the message names the thing, the
 * address and the mend.
 */
public abstract sealed class PortFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private PortFailure(String message, Throwable cause) {
    super(Line.of(message), cause); // It names keys, and anybody may write any.
  }

  /**
   * No answer, or one that says nothing about the request: try later. The effect may or may not
   * have happened.
   */
  public static final class Unavailable extends PortFailure {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What is stored there is not what was written: somebody wrote over it. */
  public static final class Corrupt extends PortFailure {
    private static final long serialVersionUID = 1L;

    public Corrupt(String message) {
      super(message, null);
    }
  }

  /** Refused: the same request will be refused again. */
  public static sealed class Rejected extends PortFailure {
    private static final long serialVersionUID = 1L;

    public Rejected(String message) {
      super(message, null);
    }
  }

  /**
   * Refused for a missing permission, which says nothing about what was asked for. Somebody may
   * give it: what was begun with it waits, what was not, is refused.
   */
  public static final class Denied extends Rejected {
    private static final long serialVersionUID = 1L;

    public Denied(String message) {
      super(message);
    }
  }
}
