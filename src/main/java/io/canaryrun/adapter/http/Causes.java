package io.canaryrun.adapter.http;

/** Why an answer did not come, or was not the one that was asked for; for people. */
public final class Causes {
  private static final int MAX_LINE_CHARS = 2_000;

  private Causes() {}

  /** What the root cause says; its kind where it says nothing. */
  public static String inWords(Throwable failure) {
    var root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    var message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
  }

  /**
   * What an agent says, on one line.
   *
   * @param body null: nothing
   */
  public static String line(String body) {
    var line = body == null ? "" : body.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS) + "…";
  }
}
