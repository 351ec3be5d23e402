package io.canaryrun.cli;

/** Exit codes beside those of the outcomes, which are at {@code Reason.exitCode()}. */
public final class ExitCode {
  static final int OK = 0;

  /** Of the tool or of a cluster. */
  public static final int ERROR = 1;

  public static final int USAGE = 2;

  /** {@code --timeout} is over, the run goes on. */
  static final int TIMEOUT = 4;

  /** A person's decision is needed. */
  static final int DECISION = 5;

  /** The definition was deleted before its run began. */
  static final int DELETED = 6;

  /** The definition was replaced before its run began. */
  static final int OVERTAKEN = 7;

  private ExitCode() {}
}
