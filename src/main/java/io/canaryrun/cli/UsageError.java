package io.canaryrun.cli;

/** What was asked for cannot be done as asked; the message says what to do. Exit code 2. */
final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageError(String message) {
    super(message, null, false, false);
  }
}
