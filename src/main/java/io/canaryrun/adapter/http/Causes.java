package io.canaryrun.adapter.http;

/** Why an answer did not come, for people. */
public final class Causes {
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
}
