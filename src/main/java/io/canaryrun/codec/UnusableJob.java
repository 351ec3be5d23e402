package io.canaryrun.codec;

/** A job document that cannot be used as the definition asks; the message names the mend. */
public final class UnusableJob extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableJob(String message) {
    super(message);
  }
}
